/** Compares two traces of one function: what differs between them must not be frozen into its graph. */

import { operandsOf, regionsOf } from './program.ts';
import type { Constant, Region, Step, TracedProgram, Value } from './program.ts';
import { withRegions } from './passes/rewrite.ts';
import { typeText } from './format.ts';

/**
 * Says where two traces of one function differ, apart from the shapes of values; undefined where they do not.
 * Values have equal ids in equal programs.
 */
export function difference(a: TracedProgram, b: TracedProgram): string | undefined {
  const frozen = a.constants.find((constant, index) => !equalConstant(constant, b.constants[index]));
  if (frozen) return `the constant ${typeText(frozen.value)}${useOf(frozen, a.body)}`;
  return differentStep(a.body, b.body);
}

function equalConstant(a: Constant, b: Constant | undefined): boolean {
  return (
    b !== undefined &&
    a.value.id === b.value.id &&
    typeText(a.value) === typeText(b.value) &&
    equalBytes(a.bytes, b.bytes)
  );
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function useOf({ value }: Constant, body: Region): string {
  const user = stepsOf(body).find((step) => operandsOf(step).includes(value.id));
  return user ? ` that ${nameOf(user)} uses` : '';
}

function stepsOf(region: Region): readonly Step[] {
  return region.steps.flatMap((step) => [step, ...regionsOf(step).flatMap(stepsOf)]);
}

function nameOf(step: Step): string {
  return step.kind === 'loop' ? 'a loop' : step.name;
}

function differentStep(a: Region, b: Region): string | undefined {
  const [first, second] = [stepsOf(a), stepsOf(b)];
  const at = first.findIndex((step, index) => signature(step) !== (second[index] && signature(second[index])));
  if (at >= 0) return `step ${at + 1}, ${nameOf(first[at]!)}`;
  if (second.length > first.length) return `step ${first.length + 1}, ${nameOf(second[first.length]!)}`;
  return a.results.join() === b.results.join() ? undefined : 'what is returned';
}

/** A step without the shapes of its values. */
function signature(step: Step): string {
  const { name, attributes } = step.kind === 'loop' ? { name: step.names.join(), attributes: {} } : step;
  const regions = regionsOf(step).map(({ parameters, results }) => [parameters.map(({ id }) => id), results]);
  const outputs = step.outputs.map(({ id, dtype }) => [id, dtype]);
  return JSON.stringify([step.kind, name, attributes, operandsOf(step), outputs, regions]);
}

/** A program with null for every length that differs from that in another trace of the same function. */
export function withOpenLengths(program: TracedProgram, other: TracedProgram): TracedProgram {
  return { ...program, body: openRegion(program.body, other.body) };
}

function openRegion(a: Region, b: Region): Region {
  return {
    ...a,
    parameters: a.parameters.map((value, index) => openValue(value, b.parameters[index]!)),
    steps: a.steps.map((step, index) => openStep(step, b.steps[index]!)),
  };
}

function openStep(a: Step, b: Step): Step {
  const regions = new Map(regionsOf(a).map((region, index) => [region, regionsOf(b)[index]!]));
  const opened = withRegions(a, (region) => openRegion(region, regions.get(region)!));
  return { ...opened, outputs: a.outputs.map((value, index) => openValue(value, b.outputs[index]!)) };
}

function openValue(a: Value, b: Value): Value {
  return { ...a, shape: a.shape.map((length, axis) => (length === b.shape[axis] ? length : null)) };
}
