/** Facts of small sweeps, as tests of the diagnosis build on them. */

import type { ConfigFacts, DiagnosisFacts, ErrorCurves } from '../../src/diagnosis/facts.ts';
import { denseLayer, moonsData, trainSection } from '../resolved.ts';

/** Means over replicates by name; the other facts are those of a small network on moons. */
export function configFacts(means: Readonly<Record<string, number>>, options: Partial<ConfigFacts> = {}): ConfigFacts {
  return {
    config: 0,
    sections: {
      data: moonsData(100, 30),
      model: {
        input: { noise: null, dropout: null },
        layers: [denseLayer({ units: 16, activation: { name: 'relu' } }), denseLayer()],
      },
      train: trainSection(),
    },
    rows: { train: 600, validation: 200, test: 200 },
    n: 3,
    means,
    budget: 10,
    epochs: 10,
    stopped: 0,
    curves: null,
    ...options,
  };
}

/** By train and dev error, as shares of rows. */
export function withErrors(train: number, dev: number, options: Partial<ConfigFacts> = {}): ConfigFacts {
  return configFacts({ train_accuracy: 1 - train, validation_accuracy: 1 - dev }, options);
}

export function sweepFacts(configs: readonly ConfigFacts[], options: Partial<DiagnosisFacts> = {}): DiagnosisFacts {
  return {
    objective: 'validation_accuracy',
    goal: 'maximize',
    definition: {},
    parameters: [],
    params: configs.map(() => ({})),
    configs,
    training: [],
    diverged: [],
    gradients: null,
    ...options,
  };
}

/** A metric over 100 epochs, with a ripple of noise. */
export function curves(train: (epoch: number) => number, dev: (epoch: number) => number, noise = 0): ErrorCurves {
  const epochs = Array.from({ length: 100 }, (_, index) => index + 1);
  const ripple = (epoch: number): number => noise * Math.sin(7.3 * epoch);
  return {
    metric: 'data_loss',
    epochs,
    train: epochs.map((epoch) => train(epoch) + ripple(epoch)),
    dev: epochs.map((epoch) => dev(epoch) + ripple(epoch + 0.5)),
  };
}
