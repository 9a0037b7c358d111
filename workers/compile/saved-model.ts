/** Writes a graph as a SavedModel, with the message classes that tfjs-node brings along. */

import { createRequire } from 'node:module';
import { dataTypeNumber } from './binding.ts';
import type { Graph, Node, NodeAttribute } from './nodes.ts';
import type { Constant, Value } from './program.ts';

/** The messages of tfjs-node's `dist/proto/api_pb` that are used here. */
interface Messages {
  readonly SavedModel: new () => {
    setSavedModelSchemaVersion(version: number): void;
    addMetaGraphs(graph: MetaGraph): void;
    serializeBinary(): Uint8Array;
  };
  readonly MetaGraphDef: (new () => MetaGraph) & { readonly MetaInfoDef: new () => { addTags(tag: string): void } };
  readonly GraphDef: new () => { addNode(node: NodeDef): void; setVersions(versions: object): void };
  readonly VersionDef: new () => { setProducer(version: number): void };
  readonly NodeDef: new () => NodeDef;
  readonly AttrValue: (new () => AttrValue) & { readonly ListValue: new () => ListValue };
  readonly TensorShape: (new () => { addDim(dim: object): void }) & {
    readonly Dim: new () => { setSize(size: number): void };
  };
  readonly Tensor: new () => {
    setDtype(dtype: number): void;
    setTensorShape(shape: object): void;
    setTensorContent(bytes: Uint8Array): void;
  };
}

interface MetaGraph {
  setMetaInfoDef(info: object): void;
  setGraphDef(graph: object): void;
}

interface NodeDef {
  setName(name: string): void;
  setOp(op: string): void;
  setInputList(inputs: readonly string[]): void;
  getAttrMap(): { set(name: string, value: AttrValue): void };
}

interface AttrValue {
  setB(value: boolean): void;
  setI(value: number): void;
  setF(value: number): void;
  setS(bytes: Uint8Array): void;
  setType(dtype: number): void;
  setShape(shape: object): void;
  setTensor(tensor: object): void;
  setList(list: object): void;
}

interface ListValue {
  setBList(values: readonly boolean[]): void;
  setIList(values: readonly number[]): void;
  setFList(values: readonly number[]): void;
}

const require = createRequire(import.meta.url);
let messages: Messages | undefined;

function proto(): Messages {
  messages ??= require('@tensorflow/tfjs-node/dist/proto/api_pb') as Messages;
  return messages;
}

/** The tag under which the graph is found again. */
export const TAG = 'serve';

/** Of the GraphDef format: that of the oldest TensorFlow that knows all that is written here. */
const PRODUCER = 1087;

/** The bytes of `saved_model.pb`. */
export function savedModelOf(graph: Graph): Uint8Array {
  const { SavedModel, MetaGraphDef, GraphDef, VersionDef } = proto();
  const definition = new GraphDef();
  const versions = new VersionDef();
  versions.setProducer(PRODUCER);
  definition.setVersions(versions);
  for (const node of graph.nodes) definition.addNode(nodeOf(node));
  const info = new MetaGraphDef.MetaInfoDef();
  info.addTags(TAG);
  const metaGraph = new MetaGraphDef();
  metaGraph.setMetaInfoDef(info);
  metaGraph.setGraphDef(definition);
  const model = new SavedModel();
  model.setSavedModelSchemaVersion(1);
  model.addMetaGraphs(metaGraph);
  return model.serializeBinary();
}

function nodeOf({ name, op, inputs, attributes }: Node): NodeDef {
  const node = new (proto().NodeDef)();
  node.setName(name);
  node.setOp(op);
  node.setInputList(inputs);
  const map = node.getAttrMap();
  for (const [key, attribute] of Object.entries(attributes)) map.set(key, attributeOf(attribute));
  return node;
}

function attributeOf(attribute: NodeAttribute): AttrValue {
  const result = new (proto().AttrValue)();
  switch (attribute.type) {
    case 'bool':
      if (typeof attribute.value === 'boolean') result.setB(attribute.value);
      else result.setList(list((values) => values.setBList(attribute.value as readonly boolean[])));
      break;
    case 'int':
      if (typeof attribute.value === 'number') result.setI(attribute.value);
      else result.setList(list((values) => values.setIList(attribute.value as readonly number[])));
      break;
    case 'float':
      if (typeof attribute.value === 'number') result.setF(attribute.value);
      else result.setList(list((values) => values.setFList(attribute.value as readonly number[])));
      break;
    case 'string':
      result.setS(new TextEncoder().encode(attribute.value));
      break;
    case 'type':
      result.setType(dataTypeNumber(attribute.value));
      break;
    case 'shape':
      result.setShape(shapeOf(attribute.value));
      break;
    case 'tensor':
      result.setTensor(tensorOf(attribute.value));
      break;
  }
  return result;
}

function list(fill: (values: ListValue) => void): ListValue {
  const values = new (proto().AttrValue.ListValue)();
  fill(values);
  return values;
}

function shapeOf(lengths: Value['shape']): object {
  const { TensorShape } = proto();
  const shape = new TensorShape();
  for (const length of lengths) {
    const dim = new TensorShape.Dim();
    dim.setSize(length ?? -1);
    shape.addDim(dim);
  }
  return shape;
}

function tensorOf({ value, bytes }: Constant): object {
  const tensor = new (proto().Tensor)();
  tensor.setDtype(dataTypeNumber(value.dtype));
  tensor.setTensorShape(shapeOf(value.shape));
  tensor.setTensorContent(bytes);
  return tensor;
}
