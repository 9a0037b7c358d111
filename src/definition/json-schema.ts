/** The format as a JSON Schema for editors: every value may also be a reference. Pure. */

import { z } from 'zod';
import { definitionSchema, REFERRING_SECTIONS } from './schema/definition.ts';

type Node = Record<string, unknown>;

/** A value that stands for a searched parameter. */
const REFERENCE = { $ref: '#/$defs/reference' };
const REFERENCE_DEFINITION = {
  type: 'string',
  pattern: '^\\$[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z0-9_]+)?$',
  description: 'The value of a searched parameter, or of a key of it.',
};

export function definitionJsonSchema(): Readonly<Node> {
  const schema: Node = z.toJSONSchema(definitionSchema, {
    io: 'input',
    override: ({ jsonSchema }) => dropSafeLimits(jsonSchema),
  });
  const alternatives = listOf(schema['anyOf']).map((alternative) => {
    const properties = mapOf(alternative['properties']);
    for (const section of REFERRING_SECTIONS) {
      if (properties[section] !== undefined) properties[section] = withReferences(mapOf(properties[section]));
    }
    return { ...alternative, properties };
  });
  return {
    $schema: schema['$schema'],
    title: 'A sweep of nightsweep',
    anyOf: alternatives,
    $defs: { ...mapOf(schema['$defs']), reference: REFERENCE_DEFINITION },
  };
}

/** zod writes the limits of whole numbers in doubles out; they say nothing to a reader. */
function dropSafeLimits(node: { maximum?: number | undefined; minimum?: number | undefined }): void {
  if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
  if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum;
}

function withReferences(node: Node): Node {
  const { description, ...rest } = node;
  const own: Node = { ...rest };
  for (const key of ['anyOf', 'oneOf', 'prefixItems']) {
    if (own[key] !== undefined) own[key] = listOf(own[key]).map(inside);
  }
  if (own['properties'] !== undefined) {
    // The name of a kind may be searched too, but as a whole: an editor completes names better without.
    own['properties'] = Object.fromEntries(
      Object.entries(mapOf(own['properties'])).map(([key, value]) => [
        key,
        isConstant(value) ? value : withReferences(mapOf(value)),
      ]),
    );
  }
  if (isNode(own['items'])) own['items'] = withReferences(own['items']);
  return { ...(description === undefined ? {} : { description }), anyOf: [own, REFERENCE] };
}

/** Alternatives of one value: the reference stands beside all of them, once. */
function inside(node: Node): Node {
  const built = withReferences(node);
  const [own] = listOf(built['anyOf']);
  return { ...(built['description'] === undefined ? {} : { description: built['description'] }), ...own };
}

function isConstant(value: unknown): boolean {
  return isNode(value) && 'const' in value;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapOf(value: unknown): Node {
  return isNode(value) ? value : {};
}

function listOf(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}
