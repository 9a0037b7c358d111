/** A small sweep for tests, resolved by hand: moons, one hidden layer, and what a test changes in it. */

import { NO_LIMITS, type ResolvedConfig, type ResolvedSweep } from '../../src/definition/resolved.ts';
import { RECORD_NOTHING, denseLayer, moonsData, plainAdam, trainSection } from '../resolved.ts';

export interface SmallConfig {
  readonly dropout?: number;
  readonly learning_rate?: number;
  readonly batch_size?: number;
}

export interface SmallSweep {
  readonly name?: string;
  readonly configs: readonly SmallConfig[];
  readonly replicates?: number;
  readonly epochs?: number;
  readonly patience?: number;
  /** Of the hidden layer. */
  readonly units?: number;
}

function config(ordinal: number, params: SmallConfig, { epochs = 8, patience, units = 6 }: SmallSweep): ResolvedConfig {
  const { dropout = 0.2, learning_rate = 0.01, batch_size = 10 } = params;
  return {
    ordinal,
    params: { ...params },
    data: moonsData(60, 40),
    model: {
      input: { noise: null, dropout: null },
      layers: [denseLayer({ units, activation: { name: 'relu' }, dropout }), denseLayer()],
    },
    train: trainSection({
      optimizer: plainAdam(learning_rate),
      batch_size,
      epochs,
      early_stopping:
        patience === undefined
          ? null
          : { monitor: 'test_loss', patience, min_delta: 0, trigger: 'no_improvement', every: 1 },
    }),
  };
}

export function smallSweep(sweep: SmallSweep): ResolvedSweep {
  return {
    name: sweep.name ?? 'small',
    seed: 3,
    parameters: ['dropout', 'learning_rate', 'batch_size'],
    configs: sweep.configs.map((params, ordinal) => config(ordinal, params, sweep)),
    included: 0,
    baseline: null,
    replicates: { count: sweep.replicates ?? 2, vary: ['training'] },
    metrics: [],
    objective: { metric: 'test_accuracy', goal: 'maximize' },
    record: { epochs: 'all', ...RECORD_NOTHING },
    limits: NO_LIMITS,
    warnings: [],
  };
}
