/** Definitions that name modules: what they must say, and what a changed file means. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadDefinition } from '../../src/definition/load.ts';
import { emptyFolder } from '../empty-folder.ts';
import { definition, mistakesIn } from './reading.ts';

const folder = emptyFolder();

async function write(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

function own(lines: string): string {
  return `name: own\n${lines}`;
}

const TRIAL = 'trial: { module: ./t.ts, params: { a: $a, deep: { b: [1, $a] } } }';
const SEARCH = 'search: { a: { values: [1, 2] } }';
const OBJECTIVE = 'objective: { metric: score, goal: maximize }';

describe('a module', () => {
  test('resolves to its path, its hash, and params with every reference replaced', async () => {
    await write('t.ts', 'export default 1;');
    const { sweep, document } = await loadDefinition(await write('own.yaml', own(`${TRIAL}\n${SEARCH}\n${OBJECTIVE}`)));
    expect(sweep.configs.map((config) => ('trial' in config ? config.trial : undefined))).toMatchObject([
      { module: join(folder, 't.ts'), params: { a: 1, deep: { b: [1, 1] } } },
      { module: join(folder, 't.ts'), params: { a: 2, deep: { b: [1, 2] } } },
    ]);
    expect(sweep.objective).toEqual({ metric: 'score', goal: 'maximize' });
    expect(Object.keys(document.files)).toEqual(['./t.ts']);
  });

  test.each([
    ['a model', definition({ model: '{ module: ./m.ts, params: {} }' })],
    ['a trial', own(`trial: { module: ./m.ts }\n${OBJECTIVE}`)],
  ])('of %s belongs to the sweep by its content, wherever it lies', async (_, text) => {
    await write('m.ts', 'export default 1;');
    const file = await write('a.yaml', text);
    const before = (await loadDefinition(file)).hash;
    await write('n.ts', 'export default 1;');
    expect((await loadDefinition(await write('b.yaml', text.replace('m.ts', 'n.ts')))).hash).toBe(before);
    await write('m.ts', 'export default 2;');
    expect((await loadDefinition(file)).hash).not.toBe(before);
  });

  test('that is not there is a mistake at its place', async () => {
    const file = await write('c.yaml', definition({ model: '{ module: ./nett.ts }' }));
    await write('net.ts', '');
    await expect(loadDefinition(file)).rejects.toThrow(
      /c\.yaml:\d+:\d+ model\.module: must be a readable file, but found "\.\/nett\.ts": there is none \(did you mean net\.ts\?\)$/,
    );
  });
});

test.each([
  [
    own('trial: { module: ./t.ts }'),
    'a.yaml:2:8 trial: must have an objective beside it: a metric that the module reports',
  ],
  [
    own(`trial: { module: ./t.ts }\nobjective: score`),
    'a.yaml:3:12 objective: must say its goal, since "score" is no built-in metric ({ metric: score, goal: minimize }, or maximize)',
  ],
  [
    own(`trial: { module: ./t.ts }\nobjective: { metric: test_loss, goal: maximize }`),
    'a.yaml:3:39 objective.goal: must be minimize for test_loss, but found maximize (leave it out: a built-in metric has its own)',
  ],
  [
    own(`trial: { module: ./t.ts }\nobjective: test_loss\nmetrics: [mae]\nrecord: { weight_norms: true }`),
    'a.yaml:4:10 metrics: must be left out beside trial: all that the module reports is recorded',
  ],
  [
    own(`trial: { module: ./t.ts }\nobjective: test_loss\nreplicates: { count: 2, vary: [training, split] }`),
    'a.yaml:4:42 replicates.vary.1: must be training beside trial, which has no split of ours, but found split',
  ],
  [
    own(`trial: { module: ./t.py }\nobjective: test_loss`),
    'a.yaml:2:18 trial.module: must be a .ts or .js file, but found "./t.py"',
  ],
  [
    `${definition({ model: '{ module: ./t.ts }' })}\nrecord: { weight_norms: true }`,
    'record.weight_norms: must be false where model is a module, whose layers are its own',
  ],
])('a mistake of %j', (text, mistake) => {
  expect(mistakesIn(text).some((line) => line.includes(mistake))).toBe(true);
});

test('what is beside a trial must not be there', () => {
  const text = own(`trial: { module: ./t.ts }\nobjective: test_loss\nmodel: { layers: [{ units: 1 }] }`);
  expect(mistakesIn(text)).toHaveLength(1);
});
