/** The definitions under sweeps/ are sound, and the published figures speak of their configs. */

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { FIGURES } from '../../scripts/studies-figures.ts';
import { loadDefinition } from '../../src/definition/load.ts';

const folder = fileURLToPath(new URL('../../sweeps/', import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

test.each(files)('%s can be run, and is called like its file', async (file) => {
  const { sweep } = await loadDefinition(`${folder}${file}`);
  expect(`${sweep.name}.yaml`).toBe(file);
});

test.each(FIGURES)('$sweep: $what selects by parameters that are searched', async ({ sweep: name, where }) => {
  const { sweep } = await loadDefinition(`${folder}${name}.yaml`);
  const conditions = where.split(' AND ').map((condition) => condition.split(' = '));
  const selected = sweep.configs.filter(({ params }) =>
    conditions.every(
      ([parameter, value]) =>
        String(params[parameter ?? '']) === String(Number(value)) || `'${params[parameter ?? '']}'` === value,
    ),
  );
  expect(selected).toHaveLength(1);
});
