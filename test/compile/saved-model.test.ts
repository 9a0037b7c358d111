import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import type { Graph, NodeAttributes } from '../../workers/compile/nodes.ts';
import { savedModelOf, TAG } from '../../workers/compile/saved-model.ts';

/** tfjs-node's own message classes. */
interface Messages {
  readonly SavedModel: { deserializeBinary(bytes: Uint8Array): { toObject(): SavedModel } };
}

interface SavedModel {
  readonly metaGraphsList: readonly {
    readonly metaInfoDef: { readonly tagsList: readonly string[] };
    readonly graphDef: { readonly nodeList: readonly NodeDef[] };
  }[];
}

interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly inputList: readonly string[];
  readonly attrMap: readonly (readonly [string, Readonly<Record<string, unknown>>])[];
}

const { SavedModel } = createRequire(import.meta.url)('@tensorflow/tfjs-node/dist/proto/api_pb') as Messages;

function readBack(graph: Graph): SavedModel['metaGraphsList'][number] {
  const [metaGraph] = SavedModel.deserializeBinary(savedModelOf(graph)).toObject().metaGraphsList;
  return metaGraph!;
}

function attributesBack(attributes: NodeAttributes): Record<string, Readonly<Record<string, unknown>>> {
  const nodes = [{ name: 'n', op: 'NoOp', inputs: [], attributes }];
  const [node] = readBack({ nodes, inputs: [], outputs: [] }).graphDef.nodeList;
  return Object.fromEntries(node!.attrMap);
}

test('nodes keep their names, ops and inputs, in order', () => {
  const nodes = [
    { name: 'x', op: 'Placeholder', inputs: [], attributes: {} },
    { name: 'y', op: 'AddN', inputs: ['x', 'x:1', '^x'], attributes: {} },
  ];
  const { metaInfoDef, graphDef } = readBack({ nodes, inputs: ['x:0'], outputs: ['y:0'] });
  expect(metaInfoDef.tagsList).toEqual([TAG]);
  expect(graphDef.nodeList).toMatchObject(nodes.map(({ name, op, inputs }) => ({ name, op, inputList: inputs })));
});

test('an attribute of every type and its list are read back, zeros, negative and large numbers included', () => {
  const read = attributesBack({
    yes: { type: 'bool', value: true },
    no: { type: 'bool', value: false },
    zero: { type: 'int', value: 0 },
    negative: { type: 'int', value: -7 },
    large: { type: 'int', value: 2 ** 40 },
    half: { type: 'float', value: 0.5 },
    text: { type: 'string', value: 'SAME \u00e9' },
    dtype: { type: 'type', value: 'resource' },
    bools: { type: 'bool', value: [true, false] },
    ints: { type: 'int', value: [1, -1, 0] },
    floats: { type: 'float', value: [0.25, -2] },
  });
  expect(read).toMatchObject({
    yes: { b: true },
    no: { b: false },
    zero: { i: 0 },
    negative: { i: -7 },
    large: { i: 2 ** 40 },
    half: { f: 0.5 },
    text: { s: Buffer.from('SAME \u00e9').toString('base64') },
    dtype: { type: 20 },
    bools: { list: { bList: [true, false] } },
    ints: { list: { iList: [1, -1, 0] } },
    floats: { list: { fList: [0.25, -2] } },
  });
});

test('a list of nothing is a list, and a shape of nothing a shape', () => {
  const read = attributesBack({ ints: { type: 'int', value: [] }, shape: { type: 'shape', value: [] } });
  expect(read['ints']).toMatchObject({ list: { iList: [] } });
  expect(read['shape']).toMatchObject({ shape: { dimList: [] } });
});

test('open and empty lengths of shapes, and the bytes of tensors, are read back', () => {
  const value = { id: 1, dtype: 'int32', shape: [3, 0, null] } as const;
  const bytes = Uint8Array.from({ length: 300 }, (_, index) => index);
  const { tensor } = attributesBack({ tensor: { type: 'tensor', value: { value, bytes } } });
  expect(tensor).toMatchObject({
    tensor: {
      dtype: 3,
      tensorShape: { dimList: [{ size: 3 }, { size: 0 }, { size: -1 }] },
      tensorContent: Buffer.from(bytes).toString('base64'),
    },
  });
});
