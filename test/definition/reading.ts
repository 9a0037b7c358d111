/** Reads a definition from text as the tests need it: its mistakes as lines, or its configs. */

import { parseText } from '../../src/definition/parse.ts';
import { toProblem } from '../../src/definition/mistake.ts';
import { readDefinition, type ReadDefinition } from '../../src/definition/read.ts';
import { formatProblem } from '../../src/errors.ts';

/** Every mistake as users see it, in the order of the text. */
export function mistakesIn(text: string): string[] {
  const { value, locate } = parseText(text, 'a.yaml');
  const reading = readDefinition(value);
  if (reading.ok) return [];
  return reading.mistakes
    .map((mistake) => toProblem(mistake, locate))
    .toSorted(
      (a, b) =>
        (a.position?.line ?? 0) - (b.position?.line ?? 0) || (a.position?.column ?? 0) - (b.position?.column ?? 0),
    )
    .map(formatProblem);
}

/** The configs of a definition that must be sound, with sections of their own. */
export function soundly(text: string): Extract<ReadDefinition, { sections: unknown }> {
  const reading = readDefinition(parseText(text, 'a.yaml').value);
  if (!reading.ok) throw new Error(mistakesIn(text).join('\n'));
  if (!('sections' in reading.read)) throw new Error('must have data, model and train');
  return reading.read;
}

/** The params of each config, in order. */
export function paramsOf(text: string): Record<string, unknown>[] {
  return soundly(text).expansion.configs.map(({ point }) => Object.fromEntries(point));
}

/** A small sound definition; sections may be replaced by lines of YAML. */
export function definition(sections: Readonly<Record<string, string>> = {}): string {
  const all: Record<string, string> = {
    name: 'small',
    data: '{ generator: moons, split: { train: 30, test: 70 } }',
    model: '{ layers: [{ units: 8, activation: relu }, { units: 1, activation: sigmoid }] }',
    train: '{ loss: binary_crossentropy, optimizer: adam, epochs: 10 }',
    ...sections,
  };
  return Object.entries(all)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n');
}
