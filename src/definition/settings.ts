/** `--set path=value`: changes single values of a definition before it is checked. */

import { parseDocument } from 'yaml';
import { SweepError } from '../errors.ts';
import { formatPath, isMap, show, type Locate, type Path } from './mistake.ts';
import type { Source } from './parse.ts';

/**
 * A copy of `source` with each `path=value` applied, the value read as YAML; the path may be new.
 * Below a bare kind (`optimizer: adam`) the long form takes its place (`{ name: adam, ... }`).
 * Mistakes at or below such a path are shown at `--set`.
 */
export function applySettings(source: Source, settings: readonly string[]): Source {
  let value = source.value;
  const paths: Path[] = [];
  for (const setting of settings) {
    const path = pathOf(setting);
    value = replaceAt(value, path, valueOf(setting), path);
    paths.push(path);
  }
  const locate: Locate = (path, at) =>
    paths.some((set) => set.every((step, index) => step === String(path[index])))
      ? { file: '--set' }
      : source.locate(path, at);
  return { value, locate };
}

function pathOf(setting: string): string[] {
  const path = setting
    .slice(0, Math.max(0, setting.indexOf('=')))
    .trim()
    .split('.');
  if (path.some((step) => step === '')) {
    throw new SweepError('definition', {
      message: `must have the form path=value, but found ${show(setting)}`,
      position: { file: '--set' },
      hint: 'for example --set train.epochs=10',
    });
  }
  return path;
}

function valueOf(setting: string): unknown {
  const document = parseDocument(setting.slice(setting.indexOf('=') + 1));
  const [error] = document.errors;
  if (error) {
    throw new SweepError('definition', {
      message: `must have a value in YAML, but found ${show(setting)}`,
      position: { file: '--set' },
      hint: error.message.split('\n')[0] ?? '',
    });
  }
  const value: unknown = document.toJS();
  return value;
}

function replaceAt(node: unknown, path: Path, value: unknown, whole: Path): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(node)) {
    const index = Number(step);
    if (!Number.isInteger(index) || index < 0 || index > node.length) {
      throw wrongPath(whole, `${show(step)} must be an index from 0 to ${node.length}`);
    }
    return node.toSpliced(index, 1, replaceAt(node[index], rest, value, whole));
  }
  const isBareKind = typeof node === 'string' && !node.startsWith('$');
  if (node !== undefined && node !== null && !isMap(node) && !isBareKind) {
    throw wrongPath(whole, `what stands before ${show(step)} must be a map or a list, but is ${show(node)}`);
  }
  const map = isMap(node) ? node : isBareKind ? { name: node } : {};
  return { ...map, [step]: replaceAt(Object.hasOwn(map, step) ? map[step] : undefined, rest, value, whole) };
}

function wrongPath(path: Path, message: string): SweepError {
  return new SweepError('definition', { message, position: { file: '--set' }, path: formatPath(path) });
}
