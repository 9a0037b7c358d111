/** How values are written at places where newcomers write something else: the hint of a mistake there. Pure. */

import { isResultColumn } from '../sql-names.ts';
import { formatPath, isMap, type Path } from './mistake.ts';
import { REFERRING_SECTIONS } from './schema/definition.ts';

/** By path; `*` stands for any one step. */
const EXAMPLES: Readonly<Record<string, string>> = {
  'data.split': 'such as split: { train: 0.7, test: rest }',
  'data.transform': 'such as transform: { features: standardize }',
  'data.image': 'such as image: { height: 8, width: 8 }',
  'data.augment': 'such as augment: { flip: horizontal, shift_pixels: 1 }',
  'model.layers': 'such as layers: [{ units: 32, activation: relu }, { units: 1, activation: sigmoid }]',
  'model.layers.*': 'such as { units: 32, activation: relu }',
  'train.optimizer.learning_rate':
    'such as 0.001, or { name: exponential_decay, initial_learning_rate: 0.1, decay_rate: 0.5, decay_epochs: 10 }',
  'train.noise': 'such as noise: { gradients: 0.01 }',
  'train.class_weight': 'such as class_weight: balanced, or { 0: 1, 1: 3 }',
  'train.clip': 'such as clip: { global_norm: 1 }, or { value: 5 }',
  'train.early_stopping': 'such as early_stopping: { monitor: validation_loss, patience: 20 }',
  'train.early_stopping.monitor': 'such as monitor: validation_loss',
  'search.*.range': 'such as range: [0.001, 0.1]',
  'method.configs': 'such as configs: 20',
  include: 'such as include: [{ l2: 0.1, dropout: 0 }]',
  exclude: 'such as exclude: [{ l2: 0.1, dropout: 0 }]',
};

const SAMPLERS = new Set(['random', 'sobol']);

/** What might be written at `path` instead of `found`; undefined where nothing helps. */
export function exampleFor(path: Path, found: unknown): string | undefined {
  const [first, second, third] = path;
  if (first === 'method' && path.length === 1 && typeof found === 'string' && SAMPLERS.has(found)) {
    return `write method: { name: ${found}, configs: 20 }`;
  }
  if (first === 'search' && path.length === 2 && Array.isArray(found)) {
    return `write ${String(second)}: { values: [...] }`;
  }
  if (first === 'search' && third === 'values' && path.length === 3) {
    if (isMap(found)) return 'give structured values a name: values: { a: {...}, b: {...} }';
    if (found !== undefined && !Array.isArray(found)) return `write values: [${String(found)}]`;
  }
  const known = Object.keys(EXAMPLES).find((pattern) => matches(pattern, path));
  if (known !== undefined) return EXAMPLES[known];
  if (Array.isArray(found) && REFERRING_SECTIONS.some((section) => section === first)) return searchAdvice(path, found);
  return typeof found === 'string' ? numberAdvice(found) : undefined;
}

/** Several values where one belongs: a search that stands at the wrong place. */
function searchAdvice(path: Path, found: readonly unknown[]): string | undefined {
  const key = path[path.length - 1];
  if (typeof key !== 'string' || !found.every((item) => item === null || typeof item !== 'object')) return undefined;
  const name = isResultColumn(key) ? `my_${key}` : key;
  return `to search it, write $${name} here, and ${name}: { values: [${found.join(', ')}] } under search`;
}

function numberAdvice(text: string): string | undefined {
  const percent = /^(\d+(?:\.\d+)?) ?%$/.exec(text)?.[1];
  if (percent !== undefined) return `write ${Number(percent) / 100}`;
  return isNumeral(text) ? `a number has no quotes: ${text}` : undefined;
}

function matches(pattern: string, path: Path): boolean {
  const steps = pattern.split('.');
  if (steps.length !== path.length) return false;
  return steps.every((step, index) => step === '*' || step === String(path[index]));
}

function isNumeral(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

/** What is wrong with a key that no section knows, where its form or its place tells. */
export function keyAdvice(path: Path): string | undefined {
  const key = String(path[path.length - 1]);
  if (key.includes(':')) return `put a blank after the colon: ${key.replace(/:\s*/, ': ')}`;
  if (/^\d+$/.test(key)) return 'a number has a decimal point: a comma begins the next key';
  if (path.length > 1 && AT_THE_TOP.has(key)) return `${key} stands at the top: write it without indentation`;
  if (EITHER.has(formatPath(path))) return 'data come from a generator or from a file: write one of the two';
  return undefined;
}

const AT_THE_TOP = new Set([
  'data',
  'model',
  'train',
  'search',
  'replicates',
  'objective',
  'metrics',
  'baseline',
  'method',
]);
const EITHER = new Set(['data.file', 'data.generator']);
