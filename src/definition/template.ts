/** A commented definition for a CSV file, chosen by what its columns hold. Pure. */

import { stringify } from 'yaml';
import type { ColumnSummary, CsvSummary } from '../../workers/data/inspect-csv.ts';
import { counted } from '../counted.ts';
import { FIRST_KNOBS, KNOB_NAMES, KNOBS, type KnobName } from './knobs.ts';

export type Task = 'classification' | 'regression';

export interface TemplateChoices {
  readonly name: string;
  /** The CSV file as the definition names it. */
  readonly file: string;
  readonly target: string;
  /** Undefined: chosen by the target's values. */
  readonly task?: Task | undefined;
  /** What is searched; undefined for a sensible few. */
  readonly search?: readonly KnobName[] | undefined;
  /** What is left of the rows and of the target's values where rows with empty cells are left out. */
  readonly complete?: { readonly rows: number; readonly distinct: number } | undefined;
}

/** A number column with at most this many values, each in several rows, holds classes. */
const MOST_CLASSES = 20;
const ROWS_PER_CLASS = 5;
/** A text column with more values than this would become as many columns. */
const MOST_CATEGORIES = 50;
const IDENTIFIER = /^(id|idx|index|uuid|guid|key|row|nr|no|.*[_ -]id)$/i;
/** From so many rows on, larger batches make better use of the machine. */
const MANY_ROWS = 5000;
const LINE_WIDTH = 100;

export function taskOf(target: ColumnSummary, rows: number): Task {
  if (target.kind !== 'number') return 'classification';
  return target.distinct <= MOST_CLASSES && target.distinct * ROWS_PER_CLASS <= rows ? 'classification' : 'regression';
}

export interface Features {
  readonly used: readonly ColumnSummary[];
  /** What is of no use, and why. */
  readonly dropped: readonly { readonly name: string; readonly reason: string }[];
}

/** All columns but the target. */
export function featuresOf({ columns, rows }: CsvSummary, target: string): Features {
  const features = columns.filter(({ name }) => name !== target);
  const used = features.filter((column) => dropReason(column, rows) === undefined);
  const dropped = features.flatMap((column) => {
    const reason = dropReason(column, rows);
    return reason === undefined ? [] : [{ name: column.name, reason }];
  });
  return { used, dropped };
}

/** The text of a definition that can be run as it is. */
export function definitionTemplate(summary: CsvSummary, choices: TemplateChoices): string {
  const target = summary.columns.find(({ name }) => name === choices.target);
  if (!target) throw new Error(`the target ${choices.target} must be a column`);
  const task = choices.task ?? taskOf(target, summary.rows);
  const { name, file, search = FIRST_KNOBS, complete } = choices;
  const features = featuresOf(summary, choices.target);
  const classes = task === 'regression' ? 0 : (complete?.distinct ?? target.distinct);
  const lines = [
    `# ${counted(summary.rows, 'row')} of ${oneLine(file)}: ${task} of ${oneLine(target.name)} from ${counted(features.used.length, 'column')}.`,
    '# Written by `nightsweep init`; every line may be changed. `nightsweep schema` describes what else there is.',
    `name: ${quoted(name)}`,
    '',
    ...dataLines(target, features, { file, task, complete }),
    '',
    ...modelLines(task, classes, search),
    '',
    ...trainLines(task, classes, search, complete?.rows ?? summary.rows),
    '',
    ...searchLines(search),
    'replicates: 3   # each config is trained with 3 seeds: how much is chance?',
    ...(task === 'regression' ? ['metrics: [mae, rmse, r2]'] : []),
    `objective: ${task === 'regression' ? 'validation_mae' : 'validation_accuracy'}   # what configs are ranked by`,
    'seed: 1',
    '',
    ...nextLines(search),
  ];
  return `${lines.join('\n')}\n`;
}

function dataLines(
  target: ColumnSummary,
  { used, dropped }: Features,
  { file, task, complete }: Pick<TemplateChoices, 'file' | 'complete'> & { readonly task: Task },
): string[] {
  const categorical = used.filter(({ kind }) => kind === 'text').map(({ name }) => name);
  return [
    'data:',
    `  file: ${quoted(file)}   # relative to this file`,
    `  target: ${quoted(target.name)}`,
    ...(categorical.length > 0 ? list('categorical', categorical, 'text: a column of 0 and 1 for each value') : []),
    ...dropLines(dropped),
    ...missingLines(target, used, complete),
    '  transform:   # learned from the training part only',
    '    features: standardize   # to mean 0 and standard deviation 1',
    ...(task === 'regression' ? ['    target: standardize   # metrics stay in the units of the file'] : []),
    '  # validation chooses the best config; test is for one last, honest look at it',
    '  split: { train: 0.6, validation: 0.2, test: rest, shuffle: true, seed: 1 }',
  ];
}

function missingLines(
  target: ColumnSummary,
  used: readonly ColumnSummary[],
  complete: TemplateChoices['complete'],
): string[] {
  if (target.missing > 0) {
    const left = complete ? `: ${counted(complete.rows, 'row')} stay` : '';
    return [`  missing: drop   # rows with an empty cell are left out, since the target has some${left}`];
  }
  const cells = used.reduce((sum, column) => sum + column.missing, 0);
  return cells > 0
    ? [`  missing: impute   # ${counted(cells, 'empty cell')}: the median or commonest value of the training part`]
    : [];
}

/** `$name` where it is searched, else its usual value. */
function valueOf(knob: KnobName, search: readonly KnobName[]): string {
  return search.includes(knob) ? `$${knob}` : String(KNOBS[knob].usual);
}

function modelLines(task: Task, classes: number, search: readonly KnobName[]): string[] {
  const value = (knob: KnobName): string => valueOf(knob, search);
  return [
    'model:',
    '  # of every layer with weights but the last',
    `  hidden: { activation: relu, initializer: he_uniform, l2: ${value('l2')}, dropout: ${value('dropout')} }`,
    '  layers:',
    `    - { units: ${value('width')}, repeat: ${value('depth')} }`,
    outputLine(task, classes),
  ];
}

function outputLine(task: Task, classes: number): string {
  if (task === 'regression') return '    - { units: 1, activation: linear }   # the output: a number';
  if (classes === 2)
    return '    - { units: 1, activation: sigmoid }   # the output: the probability of the second class';
  return `    - { units: ${classes}, activation: softmax }   # the output: a probability for each class`;
}

function trainLines(task: Task, classes: number, search: readonly KnobName[], rows: number): string[] {
  const loss = task === 'regression' ? 'mse' : classes === 2 ? 'binary_crossentropy' : 'categorical_crossentropy';
  const batch = search.includes('batch_size') ? '$batch_size' : rows < MANY_ROWS ? '32' : '128';
  return [
    'train:',
    `  loss: ${loss}`,
    `  optimizer: { name: adam, learning_rate: ${valueOf('learning_rate', search)} }`,
    `  batch_size: ${batch}   # rows of a step`,
    '  epochs: 200   # at most: early stopping ends what gets no better',
    '  early_stopping: { monitor: validation_loss, patience: 20 }',
    '  keep: best   # the epoch with the best validation_loss counts',
  ];
}

function searchLines(search: readonly KnobName[]): string[] {
  const knobs = KNOB_NAMES.filter((name) => search.includes(name));
  if (knobs.length === 0) return ['# Nothing is searched: the same network is trained with several seeds.'];
  const sizes = knobs.map((name) => KNOBS[name].values.length).join(' x ');
  const others = KNOB_NAMES.filter((name) => !search.includes(name));
  return [
    `search:   # each \`$name\` above takes each of its values here: ${sizes} configs`,
    ...aligned(knobs.map((name) => [`  ${knobLine(name)}`, KNOBS[name].effect])),
    ...(others.length > 0 ? ['  # To search more, take a `#` away and write `$name` in its place above:'] : []),
    ...aligned(others.map((name) => [`  # ${knobLine(name)}`, KNOBS[name].effect])),
    `baseline: { ${knobs.map((name) => `${name}: ${KNOBS[name].usual}`).join(', ')} }   # everything is compared with it`,
  ];
}

function knobLine(name: KnobName): string {
  return `${name}: { values: [${KNOBS[name].values.join(', ')}] }`;
}

/** Lines with their comments below each other. */
function aligned(lines: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...lines.map(([line]) => line.length));
  return lines.map(([line, comment]) => `${line.padEnd(width)}   # ${comment}`);
}

function nextLines(search: readonly KnobName[]): string[] {
  const against = (['dropout', 'l2'] as const).filter((name) => search.includes(name));
  return [
    '# What to try next, when there are results:',
    '# - the best value stands at the end of its list: add values beyond it, and run the file again',
    `# - train is much better than validation: it overfits; more ${(against.length > 0 ? against : ['dropout', 'l2']).join(' or ')}, or less width`,
    '# - both are poor: more width or depth, another learning rate, or better columns',
    '# - configs differ by less than their spread: more replicates, or call them equal',
  ];
}

/** Why a column is of no use as a feature; undefined when it is. */
function dropReason({ name, kind, distinct, missing }: ColumnSummary, rows: number): string | undefined {
  if (distinct === 0) return 'empty';
  if (missing > rows / 2) return 'mostly empty';
  if (distinct === 1) return 'always the same';
  if (distinct === rows && IDENTIFIER.test(name)) return 'different in every row';
  if (kind === 'date') return 'dates: make numbers of them, such as month or weekday, where they matter';
  if (kind === 'decimal_comma') return 'decimal commas: write points, and use them';
  if (kind === 'text' && distinct > MOST_CATEGORIES) return 'free text';
  return undefined;
}

function dropLines(dropped: Features['dropped']): string[] {
  if (dropped.length === 0) return [];
  return ['  drop:', ...aligned(dropped.map(({ name, reason }) => [`    - ${quoted(name)}`, reason]))];
}

/** `key: [names]` with a comment, over several lines where one would be too long. */
function list(key: string, names: readonly string[], comment: string): string[] {
  const words = names.map(quoted);
  const line = `  ${key}: [${words.join(', ')}]   # ${comment}`;
  if (line.length <= LINE_WIDTH) return [line];
  const lines: string[] = [];
  let current = '   ';
  for (const word of words) {
    if (current.length + word.length + 2 > LINE_WIDTH && current !== '   ') {
      lines.push(current);
      current = '   ';
    }
    current += ` ${word},`;
  }
  return [`  # ${comment}`, `  ${key}: [`, ...lines, current, '  ]'];
}

/** As YAML inside a flow list; a name that starts with `$` would be a reference without a second one. */
function quoted(text: string): string {
  const escaped = text.startsWith('$') ? `$${text}` : text;
  const plain = stringify([escaped], { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return plain.slice(1, -1).trim();
}

/** A name inside a comment. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
