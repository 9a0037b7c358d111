/** Reads event files as their specification has them, with no library in common with what writes them. */

import { readFileSync } from 'node:fs';

/** A message by field numbers: numbers for varints, bytes for all else. */
export type Fields = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/** CRC-32C bit by bit, by its reversed polynomial. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** What masking was applied to. */
export function unmasked(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** The data of each record. @throws where a checksum is not that of its data */
export function recordsOf(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: Uint8Array[] = [];
  let at = 0;
  const checked = (length: number): Uint8Array => {
    const data = bytes.subarray(at, at + length);
    if (crc32c(data) !== unmasked(view.getUint32(at + length, true))) throw new Error(`a wrong checksum at ${at}`);
    at += length + 4;
    return data;
  };
  while (at < bytes.length) {
    const length = Number(view.getBigUint64(at, true));
    checked(8);
    records.push(checked(length));
  }
  return records;
}

export function fieldsOf(bytes: Uint8Array): Fields {
  const fields = new Map<number, (number | Uint8Array)[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]!;
      value += (byte % 128) * shift;
      if (byte < 128) return value;
    }
  };
  const taken = (length: number): Uint8Array => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const key = varint();
    const type = key % 8;
    if (![0, 1, 2, 5].includes(type)) throw new Error(`an unknown wire type ${type}`);
    const value = type === 0 ? varint() : taken(type === 1 ? 8 : type === 5 ? 4 : varint());
    const number = Math.floor(key / 8);
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  if (at !== bytes.length) throw new Error('a message must end where its last field does');
  return fields;
}

function bytesAt(fields: Fields, number: number): Uint8Array | undefined {
  const value = fields.get(number)?.[0];
  return typeof value === 'number' ? undefined : value;
}

export function messageAt(fields: Fields, number: number): Fields {
  return fieldsOf(bytesAt(fields, number) ?? new Uint8Array());
}

export function messagesAt(fields: Fields, number: number): Fields[] {
  return (fields.get(number) ?? []).map((value) => fieldsOf(value as Uint8Array));
}

export function numberAt(fields: Fields, number: number): number | undefined {
  const value = fields.get(number)?.[0];
  if (typeof value === 'number' || value === undefined) return value;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return value.byteLength === 8 ? view.getFloat64(0, true) : view.getFloat32(0, true);
}

export function textAt(fields: Fields, number: number): string | undefined {
  const value = bytesAt(fields, number);
  return value && new TextDecoder().decode(value);
}

/** google.protobuf.Value */
export function valueOf(fields: Fields): unknown {
  return numberAt(fields, 2) ?? textAt(fields, 3) ?? Boolean(numberAt(fields, 4));
}

export interface ReadEvent {
  readonly wallTime: number | undefined;
  readonly step: number | undefined;
  readonly fileVersion: string | undefined;
  /** By tag. */
  readonly scalars: Readonly<Record<string, number>>;
  /** Of the HParams plugin, by tag. */
  readonly plugin: ReadonlyMap<string, Fields>;
}

export function eventsOf(file: string): ReadEvent[] {
  return recordsOf(readFileSync(file)).map((data) => {
    const event = fieldsOf(data);
    const values = messagesAt(messageAt(event, 5), 1);
    const isScalar = (value: Fields): boolean => value.has(2);
    return {
      wallTime: numberAt(event, 1),
      step: numberAt(event, 2),
      fileVersion: textAt(event, 3),
      scalars: Object.fromEntries(values.filter(isScalar).map((value) => [textAt(value, 1), numberAt(value, 2)])),
      plugin: new Map(
        values.filter((value) => !isScalar(value)).map((value) => [textAt(value, 1)!, messageAt(pluginOf(value), 2)]),
      ),
    };
  });
}

function pluginOf(value: Fields): Fields {
  const plugin = messageAt(messageAt(value, 9), 1);
  if (textAt(plugin, 1) !== 'hparams') throw new Error('the plugin must be hparams');
  return plugin;
}
