/** What the benchmark times is the training that runs use, of the networks and sweeps that it names. */

import { expect, test } from 'vitest';
import { SWEEPS } from '../../scripts/bench/sweeps.ts';
import { TrainingAlone } from '../../scripts/bench/training-alone.ts';
import { definitionFile, loadWorkloads, NETWORKS } from '../../scripts/bench/workloads.ts';
import { loadDefinition } from '../../src/definition/load.ts';
import { loadBackend } from '../../workers/backend/backend.ts';
import { Stack } from '../../workers/train/stack.ts';
import { buildDataset, buildProgram, buildTask } from '../train/builders.ts';

const backend = await loadBackend('native');

test.each([
  ['stacked', 'compiled', 5],
  ['stacked', 'eager', 5],
  ['single', 'compiled', 5],
  ['stacked', 'compiled', 'full'],
] as const)('%s, %s, batches of %s: training alone ends at the weights of whole epochs', (layout, how, batch) => {
  const program = buildProgram({
    batch,
    layers: [{ units: 7, activation: 'relu', dropout: true }, { activation: 'sigmoid' }],
  });
  const dataset = buildDataset(program);
  const entrants = (layout === 'single' ? [0] : [0, 1, 2]).map((replicate) => ({
    task: buildTask(program, { replicate, hyper: { epochs: 9 } }),
    dataset,
  }));
  const alone = new TrainingAlone(program, backend, entrants, { layout, eager: how === 'eager' });
  const state = alone.trained(3);
  const stack = new Stack(program, backend, { layout });
  stack.seat(entrants.map((enter) => ({ enter })));
  stack.run(3);
  entrants.forEach((_, slot) => {
    for (const [name, values] of Object.entries(stack.weights(slot))) {
      const all = state[name]!.dataSync<'float32'>();
      expect(all.slice(slot * values.length, (slot + 1) * values.length), name).toEqual(values);
    }
  });
});

test.each(Object.keys(NETWORKS))('%s is that network, without and with dropout', async (name) => {
  const workloads = await loadWorkloads(name);
  expect(workloads.map(({ dropout }) => dropout)).toEqual([false, true]);
  for (const { program, dropout } of workloads) {
    const [first, ...rest] = name.split('-');
    const sizes = rest.flatMap((size) => {
      const [units, count] = size.split('x').reverse().map(Number);
      return Array.from({ length: count ?? 1 }, () => units);
    });
    expect([program.data.width, ...program.layers.map(({ units }) => units)]).toEqual([Number(first), ...sizes]);
    const last = program.layers.length - 1;
    expect(program.layers.map((layer) => layer.dropout)).toEqual(sizes.map((_, layer) => dropout && layer < last));
  }
});

test.each([
  ['W1', 10],
  ['W2', 6],
  ['W3', 7],
])("%s has the peers' %i configs and epochs", async (name, configs) => {
  const { sweep } = await loadDefinition(definitionFile(name.toLowerCase()));
  expect(sweep.configs).toHaveLength(configs);
  expect(sweep.configs.map((config) => 'train' in config && config.train.epochs)).toEqual(
    sweep.configs.map(() => SWEEPS[name]!.epochs),
  );
});
