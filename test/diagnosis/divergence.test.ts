/** Divergence is explained by the three causes, each with facts: what differs first, then what all have in common. */

import { describe, expect, test } from 'vitest';
import { divergenceCauses as causesOf } from '../../src/diagnosis/divergence.ts';
import type { DiagnosisFacts, DivergedTrial, TrainingFacts } from '../../src/diagnosis/facts.ts';

function config(diverged: number, completed: number, options: Partial<TrainingFacts> = {}): TrainingFacts {
  return {
    config: 0,
    completed,
    diverged,
    learning_rate: 0.01,
    optimizer: 'sgd',
    momentum: 0.9,
    clipped: false,
    loss: 'mse',
    features: null,
    target: null,
    numeric: true,
    ...options,
  };
}

function divergenceCauses(
  training: readonly TrainingFacts[],
  diverged: readonly DivergedTrial[],
  gradients: DiagnosisFacts['gradients'] = null,
) {
  return causesOf({ training, diverged, gradients });
}

const AT_ONCE: readonly DivergedTrial[] = [
  { config: 0, epoch: 1, last_loss: null },
  { config: 0, epoch: 1, last_loss: null },
];

test('nothing diverged, nothing to explain', () => {
  expect(divergenceCauses([config(0, 10)], [])).toEqual([]);
});

test('raw data, one learning rate, mse: all three causes, from what the trials have in common', () => {
  expect(divergenceCauses([config(10, 0)], AT_ONCE)).toEqual([
    {
      cause: 'learning_rate',
      evidence: [
        'all that diverged have a learning rate of 0.01 with sgd and momentum 0.9, and gradients are not clipped',
        'they diverged at epoch 1',
      ],
      advice: 'use a learning rate below 0.01, or clip gradients (train.clip: { global_norm: 1 })',
    },
    {
      cause: 'data_preparation',
      evidence: [
        'features and target are not transformed in any trial that diverged',
        'no epoch of them had a finite training loss',
      ],
      advice: 'scale the data (data.transform: { features: standardize, target: standardize })',
    },
    {
      cause: 'loss_function',
      evidence: ['mse grows with the square of the error, and its gradient with the error'],
      advice: 'use a loss that grows slower with the error, such as huber or mae',
    },
  ]);
});

describe('the learning rate', () => {
  test('values at which trials diverge, and the largest at which none does', () => {
    const [cause] = divergenceCauses(
      [
        config(10, 0, { learning_rate: 1 }),
        config(0, 10, { learning_rate: 0.01 }),
        config(4, 6, { learning_rate: 0.1 }),
        config(0, 10, { learning_rate: 0.001 }),
      ],
      [],
    );
    expect(cause?.cause).toBe('learning_rate');
    expect(cause?.evidence[0]).toBe(
      '0 of 10 at a learning rate of 0.001, 0 of 10 at 0.01, 4 of 10 at 0.1 and 10 of 10 at 1 diverged',
    );
    expect(cause?.advice).toMatch(/^use learning rates up to 0\.01, where nothing diverged/);
  });

  test('many values are told by the first that is dangerous', () => {
    const rates = Array.from({ length: 20 }, (_, index) => 0.01 * (index + 1));
    const training = rates.map((learning_rate) =>
      config(learning_rate > 0.155 ? 1 : 0, learning_rate > 0.155 ? 0 : 1, { learning_rate }),
    );
    expect(divergenceCauses(training, [])[0]?.evidence[0]).toBe(
      'none of 15 diverged below a learning rate of 0.16, and 5 of 5 did from there up',
    );
  });

  test('that fewer diverge with larger steps is no evidence against large steps', () => {
    const training = [config(1, 1, { learning_rate: 0.001 }), config(0, 3, { learning_rate: 0.01 })];
    expect(divergenceCauses(training, []).flatMap(({ evidence }) => evidence)).not.toContainEqual(
      expect.stringMatching(/0\.01 diverged/),
    );
  });

  test('where the same rates went well with clipped gradients, clipping is the advice', () => {
    const [cause] = divergenceCauses([config(4, 0), config(0, 4, { clipped: true })], AT_ONCE);
    expect(cause?.evidence[0]).toBe('4 of 4 without clipping and 0 of 4 with clipped gradients diverged');
    expect(cause?.advice).toBe('clip gradients (train.clip: { global_norm: 1 })');
  });

  test('gradients that grow are told where they were recorded', () => {
    const evidence = (largest: number) => divergenceCauses([config(2, 0)], [], { first: 2, largest })[0]?.evidence;
    expect(evidence(3e9)).toContain('gradient norms grew from 2.000 in the first epoch to 3.00e+9');
    expect(evidence(20)?.join()).not.toMatch(/gradient norms/);
  });

  test('when they diverged is told', () => {
    const trials = [3, 40, 5].map((epoch) => ({ config: 0, epoch, last_loss: 10 }));
    expect(divergenceCauses([config(3, 0)], trials)[0]?.evidence).toContain(
      'they diverged between epochs 3 and 40, half of them by epoch 5',
    );
  });
});

describe('the data', () => {
  test('a transform that keeps trials from diverging comes before what has no contrast', () => {
    const scaled = { features: 'standardize', target: 'standardize' };
    const [first] = divergenceCauses([config(10, 0), config(0, 10, scaled)], AT_ONCE);
    expect(first).toMatchObject({
      cause: 'data_preparation',
      evidence: [
        '10 of 10 raw features and 0 of 10 features by standardize diverged',
        '10 of 10 raw target and 0 of 10 target by standardize diverged',
        'features and target are not transformed in any trial that diverged',
        'no epoch of them had a finite training loss',
      ],
    });
  });

  test('what separates the trials best is said first', () => {
    const standardize = 'standardize';
    const training = [
      config(3, 0),
      config(0, 3, { target: standardize }),
      config(0, 3, { features: standardize, target: standardize }),
    ];
    expect(divergenceCauses(training, []).flatMap(({ evidence }) => evidence)).toEqual([
      '3 of 3 raw target and 0 of 6 target by standardize diverged',
      '3 of 6 raw features and 0 of 3 features by standardize diverged',
      'features and target are not transformed in any trial that diverged',
    ]);
  });

  test('the size of the last finite losses is shown', () => {
    const trials = [2e4, 3e30].map((last_loss) => ({ config: 0, epoch: 2, last_loss }));
    expect(divergenceCauses([config(2, 0)], trials)[1]?.evidence).toContain(
      'the last finite training loss was 20000 to 3.00e+30',
    );
  });

  test('data that are scaled are not blamed', () => {
    const scaled = { features: 'min_max', target: 'standardize' };
    expect(divergenceCauses([config(2, 0, scaled)], []).map(({ cause }) => cause)).not.toContain('data_preparation');
  });
});

describe('the loss', () => {
  test('another one that goes well is named', () => {
    const causes = divergenceCauses([config(9, 1), config(0, 10, { loss: 'mae' })], []);
    expect(causes.find(({ cause }) => cause === 'loss_function')).toEqual({
      cause: 'loss_function',
      evidence: ['9 of 10 with mse and 0 of 10 with mae diverged'],
      advice: 'use a loss that grows slower with the error, such as mae',
    });
  });

  test('a loss of classes is not blamed by itself', () => {
    const classes = { loss: 'categorical_crossentropy', numeric: false };
    expect(divergenceCauses([config(2, 0, classes)], []).map(({ cause }) => cause)).not.toContain('loss_function');
  });
});
