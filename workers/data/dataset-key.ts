/** Names data by what they are made of: the same key means the same bytes, wherever the file lies. */

import { sha256 } from '../../src/sha256.ts';
import { canonicalJson } from '../../src/definition/hash.ts';
import type { DataSpec } from './dataset.ts';

/** Rises when the same spec gives other bytes than before. */
const DATA_VERSION = 1;

/** SHA-256, in hexadecimal, of the spec as canonical JSON. A file counts by its contents, not by its path. */
export function datasetKey(spec: DataSpec): string {
  return digest({ version: DATA_VERSION, ...spec, source: identity(spec.source) });
}

/** Names what is read or generated, before it is split and transformed. */
export function tableKey(spec: DataSpec): string {
  const { target_kind, split } = spec;
  return digest({ version: DATA_VERSION, source: identity(spec.source), target_kind, group: split.group });
}

function identity(source: DataSpec['source']): object {
  if ('generator' in source) return source;
  const { file: _, ...contents } = source;
  return contents;
}

function digest(value: unknown): string {
  return sha256(canonicalJson(value));
}
