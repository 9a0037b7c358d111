/** A config of a sweep as a definition of its own: it means what the config means, whatever the definition does. */

import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isMap } from '../../src/definition/mistake.ts';
import { parseText } from '../../src/definition/parse.ts';
import { readDefinition } from '../../src/definition/read.ts';
import { resolveSweep } from '../../src/definition/resolve-sweep.ts';
import type { FoundFile } from '../../src/definition/resolve.ts';
import type { AnySweep, OwnConfig, ResolvedConfig } from '../../src/definition/resolved.ts';
import { configDefinition } from '../../src/export/config-definition.ts';
import { definitionText } from '../../src/report/definition-text.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Finds every file: some of the definitions name data that are not here. */
class AnyFile extends Map<string, FoundFile> {
  readonly #folder: string;

  constructor(folder: string) {
    super();
    this.#folder = folder;
  }

  override get(name: string): FoundFile {
    const path = resolve(this.#folder, name);
    return { path, sha256: basename(path) };
  }
}

function parsed(text: string, file: string): Raw {
  const { value } = parseText(text, file);
  if (!isMap(value)) throw new Error(`${file} must be a map`);
  return value;
}

function sweepOf(definition: Raw, folder: string): AnySweep {
  const reading = readDefinition(definition);
  if (!reading.ok)
    throw new Error(reading.mistakes.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  return resolveSweep(reading.read, new AnyFile(folder));
}

/** A config's definition, by way of its text, as a sweep that is run in another folder. */
function aloneOf(definition: Raw, sweep: AnySweep, ordinal: number): AnySweep {
  const alone = configDefinition({
    definition,
    config: sweep.configs[ordinal]!,
    objective: sweep.objective.metric,
    name: `${sweep.name}-best`,
  });
  return sweepOf(parsed(definitionText(alone), 'alone.yaml'), '/elsewhere');
}

/** What decides the config's results, with the absolute paths of its files. */
function meaningOf({ ordinal: _, params: __, ...meaning }: ResolvedConfig | OwnConfig): object {
  return meaning;
}

/** Of many some, the ends among them. */
function someOf(count: number): number[] {
  const step = Math.max(1, Math.floor(count / 7));
  return Array.from({ length: count }, (_, ordinal) => ordinal).filter(
    (ordinal) => ordinal % step === 0 || ordinal === count - 1,
  );
}

const FOLDERS = ['../../sweeps/', '../reference/definitions/', '../fixtures/networks/'];
const files = FOLDERS.flatMap((name) => {
  const folder = fileURLToPath(new URL(name, import.meta.url));
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => join(folder, file));
});

test.each(files.map((file) => [basename(file), file]))('%s: each config alone is the same one', (_, file) => {
  const definition = parsed(readFileSync(file, 'utf8'), file);
  const sweep = sweepOf(definition, dirname(file));
  for (const ordinal of someOf(sweep.configs.length)) {
    const alone = aloneOf(definition, sweep, ordinal);
    expect(alone.configs.map(meaningOf)).toEqual([meaningOf(sweep.configs[ordinal]!)]);
    const { name, parameters, configs, included, baseline, warnings, ...rest } = sweep;
    expect(alone).toMatchObject({ ...rest, name: `${name}-best`, parameters: [], included: 0, baseline: null });
  }
});

describe('a definition that does all that can be done with references', () => {
  const definition = parsed(
    `
name: hard
data:
  file: $file
  target: $$price
  drop: [$dropped, $$id]
  split: { train: 0.6, test: rest }
model:
  hidden: { activation: $head.activation, l2: $l2, dropout: 0.1 }
  layers:
    - { units: $width, repeat: $depth, dropout: $rate }
    - $extra
    - { units: 1, activation: $head.last }
train:
  loss: $head.loss
  optimizer: $optimizer
  epochs: 3
search:
  file: { values: { small: data/small.csv, large: /data/large.csv } }
  dropped: { values: [a, b] }
  head:
    values:
      numbers: { loss: mse, activation: relu, last: linear }
      robust: { loss: huber, activation: tanh, last: linear }
  depth: { values: [0, 2] }
  width: { values: [4, 8] }
  rate: { values: [0.3], when: { width: 8 } }
  extra: { values: { wide: { units: 16, l2: 0 } } }
  l2: { range: [1e-7, 0.1], log: true, points: 2 }
  optimizer: { values: { sgd: { name: sgd, momentum: $momentum }, adam: adam } }
  momentum: { values: [0, 0.9] }
baseline: { file: small, dropped: a, head: numbers, depth: 0, extra: wide, optimizer: adam }
replicates: 2
`,
    'hard.yaml',
  );
  const sweep = sweepOf(definition, '/here');

  test('gives every config alone', () => {
    expect(sweep.configs.length).toBeGreaterThan(100);
    for (const { ordinal } of sweep.configs) {
      expect(aloneOf(definition, sweep, ordinal).configs.map(meaningOf)).toEqual([meaningOf(sweep.configs[ordinal]!)]);
    }
  });

  test('says the objective that the whole sweep has, and writes no trace of the search', () => {
    const config = sweep.configs[sweep.baseline!]!;
    const alone = configDefinition({ definition, config, objective: sweep.objective.metric, name: 'hard-best' });
    expect(alone).toEqual({
      name: 'hard-best',
      data: {
        file: '/here/data/small.csv',
        target: '$$price',
        drop: ['a', '$$id'],
        split: { train: 0.6, test: 'rest' },
      },
      model: {
        hidden: { activation: 'relu', dropout: 0.1 },
        layers: [
          { units: 16, l2: 0 },
          { units: 1, activation: 'linear' },
        ],
      },
      train: { loss: 'mse', optimizer: 'adam', epochs: 3 },
      replicates: 2,
      objective: sweep.objective.metric,
    });
  });
});
