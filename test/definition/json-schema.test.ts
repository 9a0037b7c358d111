/** The JSON Schema for editors: every value may be a reference, and every key is described. */

import { expect, test } from 'vitest';
import { definitionJsonSchema } from '../../src/definition/json-schema.ts';
import { isMap, valueAt, type Path } from '../../src/definition/mistake.ts';

const schema = definitionJsonSchema();

/** Subschemas in which `key` is a property. */
function owners(node: unknown, key: string, path: Path = []): Path[] {
  if (Array.isArray(node)) return node.flatMap((item, index) => owners(item, key, [...path, index]));
  if (!isMap(node)) return [];
  const here =
    isMap(node['properties']) && Object.hasOwn(node['properties'], key) ? [[...path, 'properties', key]] : [];
  return [...here, ...Object.entries(node).flatMap(([name, item]) => owners(item, key, [...path, name]))];
}

test.each(['units', 'dropout', 'learning_rate', 'batch_size', 'noise', 'features'])('%s may be a reference', (key) => {
  const alternatives = owners(schema, key).flatMap((path) => valueAt(schema, [...path, 'anyOf']));
  expect(alternatives).toContainEqual({ $ref: '#/$defs/reference' });
});

test('what decides the space itself may not be a reference', () => {
  for (const key of ['replicates', 'objective', 'seed', 'method']) {
    for (const path of owners(schema, key).filter((found) => found.length === 4)) {
      expect(JSON.stringify(valueAt(schema, path))).not.toContain('#/$defs/reference');
    }
  }
});

test('every key of a definition says what it is for', () => {
  const top = valueAt(schema, ['anyOf', 0, 'properties']);
  expect(isMap(top) && Object.keys(top).length).toBeGreaterThan(10);
  for (const [key, property] of Object.entries(isMap(top) ? top : {})) {
    expect([key, isMap(property) && typeof property['description']]).toEqual([key, 'string']);
  }
});
