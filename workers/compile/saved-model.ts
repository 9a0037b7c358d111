/**
 * Writes a graph as a SavedModel. Field numbers are those of tensorflow/core/protobuf/{saved_model,meta_graph}.proto and
 * tensorflow/core/framework/{graph,versions,node_def,attr_value,tensor,tensor_shape}.proto. Pure.
 */

import { PbfWriter } from 'pbf';
import { dataTypeNumber } from './binding.ts';
import type { Graph, Node, NodeAttribute } from './nodes.ts';
import type { Constant, Value } from './program.ts';

/** The tag under which the graph is found again. */
export const TAG = 'serve';

/** Of the SavedModel format. */
const SCHEMA_VERSION = 1;

/** Of the GraphDef format: that of the oldest TensorFlow that knows all that is written here. */
const PRODUCER = 1087;

/** The bytes of `saved_model.pb`. */
export function savedModelOf(graph: Graph): Uint8Array {
  const writer = new PbfWriter();
  writer.writeVarintField(1, SCHEMA_VERSION);
  writer.writeMessage(2, writeMetaGraph, graph);
  return writer.finish();
}

function writeMetaGraph(graph: Graph, writer: PbfWriter): void {
  writer.writeMessage(1, (tag, info) => info.writeStringField(4, tag), TAG);
  writer.writeMessage(2, writeGraph, graph);
}

function writeGraph({ nodes }: Graph, writer: PbfWriter): void {
  for (const node of nodes) writer.writeMessage(1, writeNode, node);
  writer.writeMessage(4, (producer, versions) => versions.writeVarintField(1, producer), PRODUCER);
}

function writeNode({ name, op, inputs, attributes }: Node, writer: PbfWriter): void {
  writer.writeStringField(1, name);
  writer.writeStringField(2, op);
  for (const input of inputs) writer.writeStringField(3, input);
  for (const entry of Object.entries(attributes)) writer.writeMessage(5, writeEntry, entry);
}

function writeEntry([name, attribute]: readonly [string, NodeAttribute], writer: PbfWriter): void {
  writer.writeStringField(1, name);
  writer.writeMessage(2, writeAttribute, attribute);
}

function writeAttribute({ type, value }: NodeAttribute, writer: PbfWriter): void {
  switch (type) {
    case 'bool':
      if (typeof value === 'boolean') writer.writeBooleanField(5, value);
      else writer.writeMessage(1, (values, list) => list.writePackedBoolean(5, [...values]), value);
      break;
    case 'int':
      if (typeof value === 'number') writer.writeVarintField(3, value);
      else writer.writeMessage(1, (values, list) => list.writePackedVarint(3, [...values]), value);
      break;
    case 'float':
      if (typeof value === 'number') writer.writeFloatField(4, value);
      else writer.writeMessage(1, (values, list) => list.writePackedFloat(4, [...values]), value);
      break;
    case 'string':
      writer.writeStringField(2, value);
      break;
    case 'type':
      writer.writeVarintField(6, dataTypeNumber(value));
      break;
    case 'shape':
      writer.writeMessage(7, writeShape, value);
      break;
    case 'tensor':
      writer.writeMessage(8, writeTensor, value);
      break;
  }
}

/** An open length is -1. */
function writeShape(lengths: Value['shape'], writer: PbfWriter): void {
  for (const length of lengths) writer.writeMessage(2, (size, dim) => dim.writeVarintField(1, size), length ?? -1);
}

function writeTensor({ value, bytes }: Constant, writer: PbfWriter): void {
  writer.writeVarintField(1, dataTypeNumber(value.dtype));
  writer.writeMessage(2, writeShape, value.shape);
  writer.writeBytesField(4, bytes);
}
