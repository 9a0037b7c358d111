/** A commented definition for a CSV file, chosen by what its columns hold. Pure. */

import { stringify } from 'yaml';
import type { CsvSummary } from '../../workers/data/inspect-csv.ts';

type ColumnSummary = CsvSummary['columns'][number];

export type Task = 'classification' | 'regression';

export interface TemplateChoices {
  readonly name: string;
  /** The CSV file as the definition names it. */
  readonly file: string;
  readonly target: string;
  /** Undefined: chosen by the target's values. */
  readonly task?: Task | undefined;
}

/** A number column with at most this many values, each in several rows, holds classes. */
const MOST_CLASSES = 20;
const ROWS_PER_CLASS = 5;
/** A text column with more values than this would become as many columns. */
const MOST_CATEGORIES = 50;
const IDENTIFIER = /^(id|idx|index|uuid|guid|key|row|nr|no|.*[_ -]id)$/i;

export function taskOf(target: ColumnSummary, rows: number): Task {
  if (target.kind === 'text') return 'classification';
  return target.distinct <= MOST_CLASSES && target.distinct * ROWS_PER_CLASS <= rows ? 'classification' : 'regression';
}

/** The text of a definition that can be run as it is. */
export function definitionTemplate(summary: CsvSummary, choices: TemplateChoices): string {
  const target = summary.columns.find(({ name }) => name === choices.target);
  if (!target) throw new Error(`the target ${choices.target} must be a column`);
  const task = choices.task ?? taskOf(target, summary.rows);
  const features = summary.columns.filter(({ name }) => name !== choices.target);
  const drop = features.filter((column) => dropReason(column, summary.rows) !== undefined);
  const used = features.filter((column) => !drop.includes(column));
  const categorical = used.filter(({ kind }) => kind === 'text');
  const isBinary = target.distinct === 2;
  const objective = task === 'regression' ? 'validation_mae' : 'validation_accuracy';
  const lines = [
    `# ${summary.rows} rows of ${choices.file}: ${task} of ${choices.target} from ${used.length} columns.`,
    '# Written by `nightsweep init`; every line may be changed. `nightsweep schema` describes what else there is.',
    `name: ${choices.name}`,
    'data:',
    `  file: ${quoted(choices.file)}   # relative to this file`,
    `  target: ${quoted(choices.target)}`,
    ...(categorical.length > 0
      ? [`  categorical: ${list(categorical)}   # text: a column of 0 and 1 for each value`]
      : []),
    ...(drop.length > 0 ? [`  drop: ${list(drop)}   # ${reasons(drop, summary.rows)}`] : []),
    ...missingLines(target, used),
    '  transform:   # learned from the training part only',
    '    features: standardize',
    ...(task === 'regression' ? ['    target: standardize   # metrics stay in the units of the file'] : []),
    '  split: { train: 0.6, validation: 0.2, test: rest, shuffle: true, seed: 1 }',
    'model:',
    '  hidden: { activation: relu, initializer: he_uniform, l2: $l2, dropout: $dropout }',
    '  layers:',
    '    - { units: $width }',
    outputLine(task, isBinary, target.distinct),
    'train:',
    `  loss: ${task === 'regression' ? 'mse' : isBinary ? 'binary_crossentropy' : 'categorical_crossentropy'}`,
    '  optimizer: { name: adam, learning_rate: 0.001 }',
    '  batch_size: 32',
    '  epochs: 200',
    '  early_stopping: { monitor: validation_loss, patience: 20 }',
    '  keep: best   # the epoch with the best validation_loss',
    'search:   # 2 x 3 x 3 configs',
    '  width: { values: [16, 64] }',
    '  l2: { values: [0, 0.0001, 0.001] }',
    '  dropout: { values: [0, 0.2, 0.4] }',
    'baseline: { width: 64, l2: 0, dropout: 0 }   # everything is compared with it',
    'replicates: 3   # each config with 3 seeds: how much is chance?',
    ...(task === 'regression' ? ['metrics: [mae, rmse, r2]'] : []),
    `objective: ${objective}`,
    'seed: 1',
  ];
  return `${lines.join('\n')}\n`;
}

function outputLine(task: Task, isBinary: boolean, classes: number): string {
  if (task === 'regression') return '    - { units: 1, activation: linear }   # the output: a number';
  if (isBinary) return '    - { units: 1, activation: sigmoid }   # the output: the probability of the second class';
  return `    - { units: ${classes}, activation: softmax }   # the output: a probability for each class`;
}

function missingLines(target: ColumnSummary, used: readonly ColumnSummary[]): string[] {
  if (target.missing > 0) return ['  missing: drop   # rows with an empty cell are left out: the target has some'];
  const cells = used.reduce((sum, column) => sum + column.missing, 0);
  return cells > 0
    ? [`  missing: impute   # ${cells} empty cells: the median or commonest value of the training part`]
    : [];
}

/** Why a column is of no use as a feature; undefined when it is. */
function dropReason({ name, kind, distinct }: ColumnSummary, rows: number): string | undefined {
  if (distinct <= 1) return 'always the same';
  if (distinct === rows && IDENTIFIER.test(name)) return 'different in every row';
  if (kind === 'text' && distinct > MOST_CATEGORIES) return 'free text';
  return undefined;
}

function reasons(columns: readonly ColumnSummary[], rows: number): string {
  return [...new Set(columns.map((column) => dropReason(column, rows)))].join('; ');
}

function list(columns: readonly ColumnSummary[]): string {
  return `[${columns.map(({ name }) => quoted(name)).join(', ')}]`;
}

/** As YAML inside a flow list; a name that starts with `$` would be a reference without a second one. */
function quoted(text: string): string {
  const escaped = text.startsWith('$') ? `$${text}` : text;
  const plain = stringify([escaped], { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return plain.slice(1, -1).trim();
}
