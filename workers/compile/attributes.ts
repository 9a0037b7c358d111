/** Attributes of ops: from the form of tfjs-node's kernels to that of programs. */

import { dataTypeOf, type Binding, type OpAttribute } from './binding.ts';
import { CompileError } from './errors.ts';
import type { Attribute, Attributes, Value } from './program.ts';

export function attributesOf(attributes: readonly OpAttribute[], binding: Binding): Attributes {
  return Object.fromEntries(attributes.map((attribute) => [attribute.name, attributeOf(attribute, binding)]));
}

function attributeOf({ name, type, value }: OpAttribute, binding: Binding): Attribute {
  switch (type) {
    case binding.TF_ATTR_BOOL:
      return { type: 'bool', value: value as boolean | readonly boolean[] };
    case binding.TF_ATTR_INT:
      return { type: 'int', value: value as number | readonly number[] };
    case binding.TF_ATTR_FLOAT:
      return { type: 'float', value: value as number | readonly number[] };
    case binding.TF_ATTR_STRING:
      return { type: 'string', value: String(value) };
    case binding.TF_ATTR_TYPE:
      return { type: 'type', value: dataTypeOf(Number(value)) };
    case binding.TF_ATTR_SHAPE:
      return { type: 'shape', value: value as readonly number[] };
    default:
      throw new CompileError(`the attribute ${name} is of the kind ${type}, which cannot be compiled`);
  }
}

/** Kernels of tfjs-node that leave a type attribute to TensorFlow, which infers it eagerly but not in a graph. */
const INFERRED: ReadonlyMap<string, string> = new Map([['ExpandDims', 'T']]);

/** With what TensorFlow would infer from the op's first input. */
export function withInferred(op: string, attributes: Attributes, first: Value | undefined): Attributes {
  const name = INFERRED.get(op);
  if (name === undefined || attributes[name] || !first) return attributes;
  return { ...attributes, [name]: { type: 'type', value: first.dtype } };
}
