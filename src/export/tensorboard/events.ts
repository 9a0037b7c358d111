/**
 * Events of TensorBoard as bytes: what a file begins with, scalars, and the data of the HParams plugin. Field numbers are
 * those of tensorflow/core/util/event.proto, framework/summary.proto, and tensorboard/plugins/hparams/{api,plugin_data}.proto.
 * Pure.
 */

import { PbfWriter } from 'pbf';

export interface Scalar {
  readonly tag: string;
  readonly value: number;
}

export type HParamValue = number | string | boolean;

export interface HParamInfo {
  readonly name: string;
  /** Listed values, or the ends of an interval. */
  readonly domain: readonly HParamValue[] | { readonly min: number; readonly max: number };
}

export interface MetricInfo {
  readonly tag: string;
  readonly displayName: string;
  readonly description: string;
}

/** Of the sweep; columns stand in the order of the lists. Times in seconds since 1970. */
export interface Experiment {
  readonly description: string;
  readonly created: number;
  readonly hparams: readonly HParamInfo[];
  readonly metrics: readonly MetricInfo[];
}

/** Sessions of one group are shown as one, with the mean of their metrics. */
export interface SessionStart {
  readonly group: string;
  readonly started: number;
  readonly hparams: Readonly<Record<string, HParamValue>>;
}

export type SessionEnd =
  { readonly status: 'success' | 'failure'; readonly ended: number } | { readonly status: 'running' };

export type HParamsData =
  { readonly experiment: Experiment } | { readonly sessionStart: SessionStart } | { readonly sessionEnd: SessionEnd };

interface Event {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step?: number;
  readonly fileVersion?: string;
  readonly scalars?: readonly Scalar[];
  readonly hparams?: HParamsData;
}

/** What an event file must begin with. */
export function firstEvent(wallTime: number): Uint8Array {
  return encode({ wallTime, fileVersion: 'brain.Event:2' });
}

export function scalarsEvent(wallTime: number, step: number, scalars: readonly Scalar[]): Uint8Array {
  return encode({ wallTime, step, scalars });
}

export function hparamsEvent(wallTime: number, hparams: HParamsData): Uint8Array {
  return encode({ wallTime, hparams });
}

function encode(event: Event): Uint8Array {
  const writer = new PbfWriter();
  writeEvent(event, writer);
  return writer.finish();
}

function writeEvent({ wallTime, step, fileVersion, scalars = [], hparams }: Event, writer: PbfWriter): void {
  writer.writeDoubleField(1, wallTime);
  if (step !== undefined) writer.writeVarintField(2, step);
  if (fileVersion !== undefined) writer.writeStringField(3, fileVersion);
  if (scalars.length > 0) writer.writeMessage(5, writeScalars, scalars);
  if (hparams) writer.writeMessage(5, writeHParamsSummary, hparams);
}

function writeScalars(scalars: readonly Scalar[], writer: PbfWriter): void {
  for (const scalar of scalars) writer.writeMessage(1, writeScalar, scalar);
}

function writeScalar({ tag, value }: Scalar, writer: PbfWriter): void {
  writer.writeStringField(1, tag);
  writer.writeFloatField(2, value);
}

/** A summary of one value, whose metadata hold the plugin's data. */
function writeHParamsSummary(data: HParamsData, writer: PbfWriter): void {
  writer.writeMessage(1, writeHParamsValue, data);
}

function writeHParamsValue(data: HParamsData, writer: PbfWriter): void {
  writer.writeStringField(1, tagOf(data));
  // An empty tensor, since a value must have some.
  writer.writeMessage(8, writeEmptyTensor, undefined);
  writer.writeMessage(9, (_, metadata) => metadata.writeMessage(1, writePluginData, data), undefined);
}

function tagOf(data: HParamsData): string {
  if ('experiment' in data) return '_hparams_/experiment';
  return 'sessionStart' in data ? '_hparams_/session_start_info' : '_hparams_/session_end_info';
}

/** Of floats, in one dimension of size 0. */
function writeEmptyTensor(_: undefined, writer: PbfWriter): void {
  writer.writeVarintField(1, 1);
  writer.writeMessage(2, (__, shape) => shape.writeMessage(2, () => {}, undefined), undefined);
}

function writePluginData(data: HParamsData, writer: PbfWriter): void {
  writer.writeStringField(1, 'hparams');
  const content = new PbfWriter();
  if ('experiment' in data) content.writeMessage(2, writeExperiment, data.experiment);
  else if ('sessionStart' in data) content.writeMessage(3, writeSessionStart, data.sessionStart);
  else content.writeMessage(4, writeSessionEnd, data.sessionEnd);
  writer.writeBytesField(2, content.finish());
}

function writeExperiment({ description, created, hparams, metrics }: Experiment, writer: PbfWriter): void {
  writer.writeStringField(1, description);
  writer.writeDoubleField(3, created);
  for (const info of hparams) writer.writeMessage(4, writeHParamInfo, info);
  for (const info of metrics) writer.writeMessage(5, writeMetricInfo, info);
}

const DATA_TYPES = { string: 1, boolean: 2, number: 3 } as const;

function writeHParamInfo({ name, domain }: HParamInfo, writer: PbfWriter): void {
  writer.writeStringField(1, name);
  if ('min' in domain) {
    writer.writeVarintField(4, DATA_TYPES.number);
    writer.writeMessage(6, writeInterval, domain);
    writer.writeBooleanField(7, domain.max > domain.min);
    return;
  }
  writer.writeVarintField(4, typeOf(domain));
  writer.writeMessage(5, writeList, domain);
  writer.writeBooleanField(7, domain.length > 1);
}

/** That of all values, or text. */
function typeOf(values: readonly HParamValue[]): number {
  const [first, ...others] = new Set(values.map((value) => typeof value));
  return others.length === 0 && (first === 'number' || first === 'boolean') ? DATA_TYPES[first] : DATA_TYPES.string;
}

function writeInterval({ min, max }: { readonly min: number; readonly max: number }, writer: PbfWriter): void {
  writer.writeDoubleField(1, min);
  writer.writeDoubleField(2, max);
}

function writeList(values: readonly HParamValue[], writer: PbfWriter): void {
  for (const value of values) writer.writeMessage(1, writeValue, value);
}

/** google.protobuf.Value */
function writeValue(value: HParamValue, writer: PbfWriter): void {
  if (typeof value === 'number') writer.writeDoubleField(2, value);
  else if (typeof value === 'string') writer.writeStringField(3, value);
  else writer.writeBooleanField(4, value);
}

function writeMetricInfo({ tag, displayName, description }: MetricInfo, writer: PbfWriter): void {
  writer.writeMessage(1, (_, name) => name.writeStringField(2, tag), undefined);
  writer.writeStringField(3, displayName);
  writer.writeStringField(4, description);
}

function writeSessionStart({ group, started, hparams }: SessionStart, writer: PbfWriter): void {
  for (const entry of Object.entries(hparams)) writer.writeMessage(1, writeHParam, entry);
  writer.writeStringField(4, group);
  writer.writeDoubleField(5, started);
}

function writeHParam([key, value]: readonly [string, HParamValue], writer: PbfWriter): void {
  writer.writeStringField(1, key);
  writer.writeMessage(2, writeValue, value);
}

const STATUSES = { success: 1, failure: 2, running: 3 } as const;

function writeSessionEnd(end: SessionEnd, writer: PbfWriter): void {
  writer.writeVarintField(1, STATUSES[end.status]);
  if ('ended' in end) writer.writeDoubleField(2, end.ended);
}
