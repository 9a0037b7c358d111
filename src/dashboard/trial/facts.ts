/** All that is known of a trial besides its curves, as lines of text. Pure. */

import { BASE_METRICS, PARTS, parseMetricName } from '../../metrics.ts';
import { formatBytes, formatDuration, formatMeasure } from '../format.ts';
import { formatParam } from '../../format-param.ts';
import { fit, span } from '../line.ts';
import type { Answer } from '../queries.ts';
import { COLUMN_GAP, layTable } from '../table.ts';
import type { Theme } from '../theme.ts';
import { attemptLines, secondsOf } from './attempts.ts';
import { beside, indented, pairLines, paragraph, section, stack, type Line } from './blocks.ts';
import { endingOf, type Objective } from './ending.ts';

export interface FactsRequest {
  readonly answer: Omit<Answer<'trial'>, 'kind'>;
  readonly objective: Objective;
  readonly theme: Theme;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Columns from which on sections stand next to each other. */
const WIDE = 72;
const BETWEEN = 3;

/**
 * As many lines as there is to say, none wider than `width`; with blank ones between the sections where all of that fits
 * into `rows`.
 */
export function factLines(request: FactsRequest, width: number, rows: number): readonly Line[] {
  const { ellipsis } = request.theme.glyphs;
  const isWide = width >= WIDE;
  const column = isWide ? Math.floor((width - BETWEEN) / 2) : width;
  const fitted = (lines: readonly Line[], columns: number) => lines.map((line) => fit(line, columns, ellipsis));
  const results = [resultLines(request), paramLines(request)].map((lines) => fitted(lines, column));
  const measures = [metricLines(request, column), checkpointLines(request)].map((lines) => fitted(lines, column));
  const middle = isWide ? [beside(stack(results), stack(measures), column, BETWEEN)] : [...results, ...measures];
  const ending = fitted(endingLines(request, width), width);
  const attempts = fitted(attemptLines(request.answer.facts, request.now, width), width);
  const sections = [ending, ...middle, attempts];
  const airy = stack(sections, [[]]);
  return airy.length <= rows ? airy : stack(sections);
}

function endingLines({ answer, objective, theme }: FactsRequest, width: number): readonly Line[] {
  const { facts } = answer;
  const attempt = facts.state === 'failed' ? facts.attempts.at(-1) : undefined;
  return [
    ...paragraph(endingOf(answer, objective), width, 'strong'),
    ...(attempt?.message ? paragraph(attempt.message, width, 'bad') : []),
    ...(attempt?.advice ? indented(`${theme.glyphs.selected} `, attempt.advice, width, 'warning') : []),
  ];
}

function resultLines({ answer: { facts }, objective }: FactsRequest): readonly Line[] {
  const seconds = facts.attempts.reduce((sum, attempt) => sum + (attempt.seconds ?? 0), 0);
  const measured = [
    [objective.metric, facts.objective],
    ['generalisation gap', facts.generalisation_gap],
  ] as const;
  const pairs = measured.flatMap(([name, value]) => (value === null ? [] : [[name, formatMeasure(value)] as const]));
  const trained = seconds > 0 ? [['trained for', secondsOf(seconds)] as const] : [];
  return section('Result', [...pairs, ...trained]);
}

function paramLines({ answer: { facts }, theme }: FactsRequest): readonly Line[] {
  const pairs = Object.entries(facts.params).map(
    ([name, value]) => [name, formatParam(value, theme.glyphs.missing)] as const,
  );
  return section('Params', pairs);
}

/** Of the kept epoch: a row for each metric, a column for each part; those of a module have no parts. */
function metricLines({ answer: { facts }, theme }: FactsRequest, width: number): readonly Line[] {
  const { ellipsis, missing } = theme.glyphs;
  const names = Object.keys(facts.metrics);
  if (names.length === 0) return [];
  const parts = PARTS.filter((part) => names.some((name) => parseMetricName(name)?.part === part));
  const measured = (name: string): string => formatMeasure(facts.metrics[name] ?? null, missing);
  const builtIn = BASE_METRICS.filter((base) => parts.some((part) => names.includes(`${part}_${base}`)));
  const rows = builtIn.map((base) => [base, ...parts.map((part) => measured(`${part}_${base}`))]);
  const own = names.filter((name) => !parseMetricName(name)).map((name) => [name, measured(name)] as const);
  const title = facts.kept_epoch === null ? 'Metrics' : `Metrics at epoch ${facts.kept_epoch}`;
  const table = layTable(
    [
      { title: '', align: 'left', fixed: true },
      ...parts.map((part) => ({ title: part, align: 'right', fixed: true }) as const),
    ],
    rows,
    width,
    ellipsis,
  );
  const gap = ' '.repeat(COLUMN_GAP);
  return [
    [span(title, 'title')],
    ...(rows.length > 0 ? [table.header, ...table.rows] : []).map((cells, index) => [
      span(cells.join(gap), index === 0 ? 'quiet' : 'plain'),
    ]),
    ...pairLines(own),
  ];
}

function checkpointLines({ answer: { checkpoint }, now }: FactsRequest): readonly Line[] {
  if (!checkpoint) return [];
  const { epoch, at, bytes } = checkpoint;
  const age = formatDuration(Math.max(0, now - at) / 1000);
  return section('Checkpoint', [[`epoch ${epoch}`, `${formatBytes(bytes)}, ${age} ago`]]);
}
