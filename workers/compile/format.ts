/** Programs as text, to read and to compare. */

import type { Attribute, Attributes, Constant, DataType, Region, Step, TracedProgram, Value } from './program.ts';

/**
 * A program as text, a step per line:
 * `%7 = BatchMatMulV2(%1, %2) {adj_x: false} : float32[8,30,500]`
 */
export function formatProgram({ inputs, outputs, constants, body }: TracedProgram): string {
  const parameters = body.parameters.map((value, index) => `${inputs[index]} ${declared(value)}`);
  const results = body.results.map((id, index) => `${outputs[index]}: %${id}`);
  return [
    `program (${parameters.join(', ')})`,
    ...indented([...constants.map(constantLine), ...body.steps.flatMap(stepLines), `return {${results.join(', ')}}`]),
  ].join('\n');
}

/** `float32[8,30,500]`, with a question mark for a length that may differ between runs. */
export function typeText({ dtype, shape }: Pick<Value, 'dtype' | 'shape'>): string {
  return `${dtype}[${shape.map((length) => length ?? '?').join()}]`;
}

function declared(value: Value): string {
  return `%${value.id}: ${typeText(value)}`;
}

function stepLines(step: Step): readonly string[] {
  const outputs = step.outputs.map(({ id }) => `%${id}`).join(', ');
  const types = step.outputs.map(typeText).join(', ');
  switch (step.kind) {
    case 'operation':
      return [`${outputs} = ${step.name}(${list(step.inputs)})${attributesText(step.attributes)} : ${types}`];
    case 'in-place':
      return [
        `${outputs} = ${step.name}(${list(step.targets)}; ${list(step.args)})${attributesText(step.attributes)} : ${types}`,
        ...indented(['expansion', ...indented(regionLines(step.expansion))]),
      ];
    case 'update': {
      const targets = step.targets.map((id, index) => `%${id} in ${step.variables[index]}`).join(', ');
      return [`${outputs} = ${step.name}(${targets}; ${list(step.args)})${attributesText(step.attributes)} : ${types}`];
    }
    case 'loop': {
      const entries = step.names.map((name, index) => {
        const variable = step.variables?.[index];
        return `${name}: %${step.initial[index]}${variable ? ` in ${variable}` : ''}`;
      });
      return [
        `${outputs} = loop(%${step.count}; ${entries.join(', ')}) : ${types}`,
        ...indented([
          ...(step.condition ? ['while', ...indented(regionLines(step.condition))] : []),
          'do',
          ...indented(regionLines(step.body)),
        ]),
      ];
    }
  }
}

function regionLines({ parameters, steps, results }: Region): readonly string[] {
  return [`(${parameters.map(declared).join(', ')})`, ...steps.flatMap(stepLines), `return ${list(results)}`];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function list(ids: readonly number[]): string {
  return ids.map((id) => `%${id}`).join(', ');
}

/** Type attributes are left out: the values say them. */
function attributesText(attributes: Attributes): string {
  const shown = Object.entries(attributes).filter(([, { type }]) => type !== 'type');
  return shown.length > 0 ? ` {${shown.map(([name, value]) => `${name}: ${attributeText(value)}`).join(', ')}}` : '';
}

function attributeText({ value }: Attribute): string {
  return Array.isArray(value) ? `[${value.join()}]` : String(value);
}

const SHOWN_NUMBERS = 8;

function constantLine({ value, bytes }: Constant): string {
  const numbers = numbersOf(value.dtype, bytes);
  const shown = numbers.slice(0, SHOWN_NUMBERS).join(', ');
  return `%${value.id} = constant [${shown}${numbers.length > SHOWN_NUMBERS ? ', ...' : ''}] : ${typeText(value)}`;
}

type Numbers =
  Float32Array | Float64Array | Int32Array | Int16Array | Int8Array | Uint8Array | BigInt64Array | BigUint64Array;

function numbersOf(dtype: DataType, { buffer, byteOffset, byteLength }: Uint8Array): Numbers {
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  switch (dtype) {
    case 'float32':
    case 'complex64':
      return new Float32Array(bytes);
    case 'float64':
      return new Float64Array(bytes);
    case 'int32':
      return new Int32Array(bytes);
    case 'int16':
      return new Int16Array(bytes);
    case 'int8':
      return new Int8Array(bytes);
    case 'int64':
      return new BigInt64Array(bytes);
    case 'uint64':
      return new BigUint64Array(bytes);
    default:
      return new Uint8Array(bytes);
  }
}
