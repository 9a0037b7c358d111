/** A definition as text: what the loader reads of it is the same definition. */

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadDefinition } from '../../src/definition/load.ts';
import { parseText } from '../../src/definition/parse.ts';
import { definitionText } from '../../src/report/definition-text.ts';

const folder = fileURLToPath(new URL('../../sweeps/', import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

test.each(files)('%s is the same when it is read again', async (file) => {
  const { definition } = (await loadDefinition(`${folder}${file}`)).document;
  const text = definitionText(definition);
  expect(parseText(text, file).value).toEqual(definition);
  expect(text.split('\n').every((line) => line.length <= 120)).toBe(true);
});

test('values that look like others stay what they are', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }).filter((each) => each !== '<<'),
    fc.constantFrom(
      'yes',
      'null',
      '~',
      '1e-6',
      '0x10',
      '.5',
      '1_000',
      '- a',
      'a: b',
      '#',
      '*a',
      '&a',
      '  ',
      '\n',
      '</script>',
      '\u202eabc',
    ),
  );
  const plain = fc.oneof(
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      plain,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(text, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      // As the database keeps it.
      const stored: unknown = JSON.parse(JSON.stringify({ search: value }));
      expect(parseText(definitionText(stored), 'a.yaml').value).toEqual(stored);
    }),
  );
});
