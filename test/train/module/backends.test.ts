/** A module's model on every backend: the same random numbers, and results within the accuracy of float32. */

import { expect, test } from 'vitest';
import type { ModelModule } from '../../../src/module-types.ts';
import { loadBackend } from '../../../workers/backend/backend.ts';
import type { BackendName } from '../../../workers/protocol.ts';
import { moduleNetwork } from '../../../workers/train/module/network.ts';
import { Stack } from '../../../workers/train/stack.ts';
import { buildDataset, buildTask } from '../builders.ts';
import { moduleProgram } from './modules.ts';

const create: ModelModule = ({ sequential, layers: make }) =>
  sequential({
    layers: [
      make.reshape({ targetShape: [2, 2, 1], inputShape: [4] }),
      make.conv2d({ filters: 3, kernelSize: 2, padding: 'same', activation: 'relu' }),
      make.batchNormalization(),
      make.flatten(),
      make.dropout({ rate: 0.3 }),
      make.gaussianNoise({ stddev: 0.1 }),
      make.dense({ units: 1, activation: 'sigmoid' }),
    ],
  });

async function metricsOn(name: BackendName): Promise<readonly number[]> {
  const backend = await loadBackend(name);
  const program = moduleProgram({ width: 4 });
  const stack = new Stack(program, backend, { network: moduleNetwork(program, backend.ops, create) });
  stack.seat([{ enter: { task: buildTask(program, { hyper: { epochs: 5 } }), dataset: buildDataset(program) } }]);
  const [epochs] = stack.run(4);
  stack.dispose();
  return epochs!.flatMap(({ values }) => [...values]);
}

test('native, wasm and JavaScript agree', async () => {
  const native = await metricsOn('native');
  for (const name of ['wasm', 'cpu'] as const) {
    const found = await metricsOn(name);
    expect(found).toHaveLength(native.length);
    found.forEach((value, index) => expect(value).toBeCloseTo(native[index]!, 4));
  }
});
