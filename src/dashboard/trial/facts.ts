/** All that is known of a trial besides its curves, as lines of text. Pure. */

import { BASE_METRICS, PARTS, parseMetricName } from '../../metrics.ts';
import { formatBytes, formatDuration, formatMeasure, formatParam } from '../format.ts';
import { fit, span, widthOf } from '../line.ts';
import type { Answer, AttemptFacts } from '../queries.ts';
import { COLUMN_GAP, layTable } from '../table.ts';
import { clean, columnsOf, padEnd, wrap } from '../text.ts';
import type { Span, Theme, Tone } from '../theme.ts';
import { endingOf, type Objective } from './ending.ts';

type Line = readonly Span[];
type Pair = readonly [name: string, value: string];

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
/** A number of seconds below this is said with its fractions. */
const SHORT = 10;

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
  const attempts = fitted(attemptLines(request, width), width);
  const sections = [ending, ...middle, attempts];
  const airy = stack(sections, [[]]);
  return airy.length <= rows ? airy : stack(sections);
}

/** Blocks below each other, those without lines left out. */
function stack(blocks: readonly (readonly Line[])[], between: readonly Line[] = []): readonly Line[] {
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : [...between, ...block]));
}

/** Two blocks next to each other: the left one `width` columns wide. */
export function beside(left: readonly Line[], right: readonly Line[], width: number, gap: number): readonly Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const line = left[index] ?? [];
    const other = right[index];
    return other ? [...line, span(' '.repeat(Math.max(0, width - widthOf(line)) + gap)), ...other] : line;
  });
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

function attemptLines({ answer: { facts }, now }: FactsRequest, width: number): readonly Line[] {
  if (facts.attempts.length === 0) return [];
  // A failed trial's last message stands at the top already.
  const told = facts.state === 'failed' ? facts.attempts.at(-1) : undefined;
  return [
    [span('Attempts', 'title')],
    ...facts.attempts.flatMap((attempt) => {
      const said = attempt === told ? [attempt.note] : [attempt.message, attempt.advice, attempt.note];
      return [
        ...indented(`${attempt.number} `, attemptOf(attempt, now), width, 'plain'),
        ...said.flatMap((text) => (text === null ? [] : indented('  ', text, width, 'quiet'))),
      ];
    }),
  ];
}

/** Such as `lost: out_of_memory, from epoch 20, to epoch 31, 12 s, worker 0, slot 3 of 8`. */
function attemptOf(attempt: AttemptFacts, now: number): string {
  const { outcome, loss_cause: cause, resumed_from_epoch: from, epochs, worker, slot, width } = attempt;
  const seconds = attempt.seconds ?? (outcome === null ? Math.max(0, now - attempt.started_at) / 1000 : null);
  return [
    `${outcome ?? 'running'}${cause === null ? '' : `: ${cause}`}`,
    from === null || from === 0 ? '' : `from epoch ${from}`,
    epochs === null ? '' : `to epoch ${epochs}`,
    seconds === null ? '' : secondsOf(seconds),
    worker === null ? '' : `worker ${worker}`,
    slot === null ? '' : `slot ${slot} of ${width ?? '?'}`,
  ]
    .filter(Boolean)
    .join(', ');
}

function secondsOf(seconds: number): string {
  return seconds < SHORT ? `${seconds.toFixed(2)} s` : formatDuration(seconds);
}

function section(title: string, pairs: readonly Pair[]): readonly Line[] {
  return pairs.length === 0 ? [] : [[span(title, 'title')], ...pairLines(pairs)];
}

function pairLines(pairs: readonly Pair[]): readonly Line[] {
  const names = Math.max(0, ...pairs.map(([name]) => columnsOf(clean(name))));
  return pairs.map(([name, value]) => [span(`${padEnd(clean(name), names)}  `, 'quiet'), span(value)]);
}

function paragraph(text: string, width: number, tone: Tone): readonly Line[] {
  return wrap(clean(text), width).map((line) => [span(line, tone)]);
}

/** `head`, and the text right of it on as many lines as it needs. */
function indented(head: string, text: string, width: number, tone: Tone): readonly Line[] {
  const columns = columnsOf(head);
  return paragraph(text, width - columns, tone).map((line, index) => [
    span(index === 0 ? head : ' '.repeat(columns), tone),
    ...line,
  ]);
}
