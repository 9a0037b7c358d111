/** The part of tfjs-node that a trace listens to and a compiled function runs through. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { CompileError } from './errors.ts';
import type { DataType } from './program.ts';

/** A tensor as the native library reports it; `dtype` is TensorFlow's number of the type. */
export interface TensorMetadata {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** An attribute as kernels hand it over; `type` is one of the binding's `TF_ATTR_*`. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

export interface Binding {
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  createTensor(shape: readonly number[], dtype: number, values: ArrayBufferView): number;
  deleteTensor(id: number): void;
  /** Of this thread; more than TensorFlow.js knows of, if some are not handed to it. */
  getNumOfTensors(): number;
  tensorDataSync(id: number): ArrayBufferView;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[];
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  /** Names are `name:port`, joined by commas. */
  runSavedModel(id: number, inputs: readonly number[], inputNames: string, outputNames: string): TensorMetadata[];
}

export interface NativeBackend {
  binding: Binding;
  /** Uploads values that still wait in JavaScript. */
  getInputTensorIds(tensors: readonly Tensor[]): number[];
  createOutputTensor(metadata: TensorMetadata): Tensor;
}

/** The thread's tfjs-node backend. Errors: `CompileError` where another backend is active. */
export function nativeBackend(): NativeBackend {
  const backend: unknown = tf.backend();
  if (!isNative(backend)) {
    throw new CompileError(`compiling needs the backend of @tensorflow/tfjs-node, but ${tf.getBackend()} is active`);
  }
  return backend;
}

function isNative(backend: unknown): backend is NativeBackend {
  return typeof backend === 'object' && backend !== null && 'binding' in backend && 'createOutputTensor' in backend;
}

/** TensorFlow's numbers of the types, which are those of its protocol buffers. */
const NUMBERS: Readonly<Record<DataType, number>> = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  int16: 5,
  int8: 6,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  resource: 20,
  uint64: 23,
};

const DATA_TYPES = new Map(Object.entries(NUMBERS).map(([name, number]) => [number, name as DataType]));

export function dataTypeNumber(dtype: DataType): number {
  return NUMBERS[dtype];
}

export function dataTypeOf(number: number): DataType {
  const dtype = DATA_TYPES.get(number);
  if (!dtype) throw new CompileError(`TensorFlow's data type ${number} cannot be compiled`);
  return dtype;
}
