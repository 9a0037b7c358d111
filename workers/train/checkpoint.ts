/** The form in which a trial's state is stored: all that is needed to go on after an epoch, as bytes. Pure. */

import { endianness } from 'node:os';
import { z } from 'zod';
import type { MetricName } from '../../src/metrics.ts';
import type { RecorderState } from '../recording.ts';
import type { StateEntry } from './training.ts';

/** Raised whenever the bytes, or what they mean, change: older ones are refused then. */
export const CHECKPOINT_VERSION = 1;

/** The numbers of one slot, by the name of the state entry, in its order. */
export type SlotState = Readonly<Record<string, Float32Array | Int32Array>>;

export interface Checkpoint {
  /** The last one that was trained, from 1. */
  readonly epoch: number;
  /** In a slot so far, over all attempts that went on from each other. */
  readonly seconds: number;
  /** The last finite training loss; null where there was none. */
  readonly lastLoss: number | null;
  readonly recorder: RecorderState;
  readonly state: SlotState;
}

/** What the checkpoints of a program hold. */
export interface CheckpointForm {
  readonly metrics: readonly MetricName[];
  readonly entries: readonly StateEntry[];
}

const MAGIC = 'NSCP';
/** Bytes before the header: magic, version and the header's length, uint32 each. */
const PREFIX = 12;
const WORD = 4;

const number = z.number().nullable();
const layer = z.strictObject({ layer: z.number(), kernel_norm: number, gradient_norm: number, clipped_share: number });
const row = z.strictObject({ epoch: z.int().min(1), values: z.array(number), layers: z.array(layer).optional() });
const headerSchema = z.strictObject({
  epoch: z.int().min(1),
  seconds: z.number().min(0),
  lastLoss: number,
  recorder: z.strictObject({ best: row.nullable(), kept: row.nullable(), last: row }),
  metrics: z.array(z.string()),
  entries: z.array(z.strictObject({ name: z.string(), dtype: z.enum(['float32', 'int32']), length: z.int().min(0) })),
});
type Header = z.infer<typeof headerSchema>;

/**
 * Magic, version, length of the header, the header as JSON in UTF-8, then the numbers of every entry one after another,
 * float32 or int32; all of it little-endian. The bytes have a buffer of their own, so that it can be transferred.
 */
export function encodeCheckpoint(checkpoint: Checkpoint, form: CheckpointForm): Uint8Array<ArrayBuffer> {
  const { state, ...rest } = checkpoint;
  const header = new TextEncoder().encode(JSON.stringify({ ...rest, ...described(form) }));
  const size = form.entries.reduce((sum, entry) => sum + sizeOf(entry) * WORD, 0);
  const bytes = new Uint8Array(PREFIX + header.length + size);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(4, CHECKPOINT_VERSION, true);
  view.setUint32(8, header.length, true);
  bytes.set(header, PREFIX);
  let at = PREFIX + header.length;
  for (const { name } of form.entries) {
    const values = state[name]!;
    bytes.set(littleEndian(new Uint8Array(values.slice().buffer)), at);
    at += values.byteLength;
  }
  return bytes;
}

/** The checkpoint, or a part of a sentence that says what must hold for it to be used. */
export function decodeCheckpoint(bytes: Uint8Array, form: CheckpointForm): Checkpoint | string {
  if (bytes.length < PREFIX || new TextDecoder().decode(bytes.subarray(0, 4)) !== MAGIC) {
    return `it must begin with ${MAGIC}`;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = view.getUint32(4, true);
  if (version !== CHECKPOINT_VERSION) return `its format must be version ${CHECKPOINT_VERSION}, but is ${version}`;
  const start = PREFIX + view.getUint32(8, true);
  const header = start > bytes.length ? undefined : parseHeader(bytes.subarray(PREFIX, start));
  if (!header) return 'its header must be complete';
  const mismatch = mismatchOf(header, form);
  if (mismatch !== undefined) return mismatch;
  const size = form.entries.reduce((sum, entry) => sum + sizeOf(entry) * WORD, start);
  if (bytes.length !== size) return `it must have ${size} bytes, but has ${bytes.length}`;

  const state: Record<string, Float32Array | Int32Array> = {};
  let at = start;
  for (const entry of form.entries) {
    const end = at + sizeOf(entry) * WORD;
    const { buffer } = littleEndian(bytes.slice(at, end));
    state[entry.name] = entry.dtype === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer);
    at = end;
  }
  const { epoch, seconds, lastLoss, recorder } = header;
  // Zod's optional keys may be present and undefined; those of JSON never are.
  return { epoch, seconds, lastLoss, recorder: recorder as RecorderState, state };
}

/** Numbers of an entry in one slot. */
export function sizeOf({ shape }: StateEntry): number {
  return shape.reduce((product, length) => product * length, 1);
}

function described({ metrics, entries }: CheckpointForm): Pick<Header, 'metrics' | 'entries'> {
  return {
    metrics: [...metrics],
    entries: entries.map((entry) => ({ name: entry.name, dtype: entry.dtype, length: sizeOf(entry) })),
  };
}

function parseHeader(bytes: Uint8Array): Header | undefined {
  try {
    return headerSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    return undefined;
  }
}

/** How the header differs from what the program's checkpoints hold; undefined where it does not. */
function mismatchOf(header: Header, form: CheckpointForm): string | undefined {
  const expected = described(form);
  const rows = Object.values(header.recorder);
  const metrics = (names: readonly string[]): string => `metrics ${names.join(', ')}`;
  if (metrics(header.metrics) !== metrics(expected.metrics)) {
    return `it must have ${metrics(expected.metrics)}, but has ${metrics(header.metrics)}`;
  }
  if (rows.some((each) => each && each.values.length !== form.metrics.length)) return 'its rows must have all metrics';
  if (header.recorder.last.epoch !== header.epoch) return 'its last row must be that of its epoch';
  const shown = (entry: Header['entries'][number] | undefined): string =>
    entry ? `${entry.name} of ${entry.length} ${entry.dtype}` : 'no more';
  const count = Math.max(header.entries.length, expected.entries.length);
  for (let index = 0; index < count; index += 1) {
    const [found, wanted] = [shown(header.entries[index]), shown(expected.entries[index])];
    if (found !== wanted) return `its numbers must be those of this network (${wanted}), but are others (${found})`;
  }
  return undefined;
}

/** The same bytes, of 4-byte words, from or to the machine's order, in place where that is another one. */
function littleEndian(words: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (endianness() === 'BE') Buffer.from(words.buffer).swap32();
  return words;
}
