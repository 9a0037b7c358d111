/** Advice names the knobs of the definition, and what the results speak for comes first. */

import { describe, expect, test } from 'vitest';
import { diagnoseSweep } from '../../src/diagnosis/diagnose.ts';
import type { ConfigFacts } from '../../src/diagnosis/facts.ts';
import type { Params, ResolvedDense } from '../../src/definition/resolved.ts';
import { denseLayer, moonsData, trainSection } from '../resolved.ts';
import { curves, sweepFacts, withErrors } from './facts.ts';

interface Search {
  readonly definition?: unknown;
  /** Of the best config, and of those that cannot be told from it. */
  readonly contenders?: readonly Params[];
}

function advice(config: ConfigFacts, { definition = {}, contenders = [{}] }: Search = {}): readonly string[] {
  const facts = sweepFacts([config], { definition, params: contenders });
  const configs = contenders.map((_, ordinal) => ({ config: ordinal, tied: true }));
  return diagnoseSweep(facts, { best: 0, configs }).diagnoses[0]!.advice;
}

function network(layer: Partial<ResolvedDense>, depth = 1, train = trainSection()): Pick<ConfigFacts, 'sections'> {
  const layers = [...Array.from({ length: depth }, () => denseLayer({ units: 16, ...layer })), denseLayer()];
  return { sections: { data: moonsData(100, 30), model: { input: { noise: null, dropout: null }, layers }, train } };
}

const FALLING = curves(
  (epoch) => 1 / epoch,
  (epoch) => 1 / epoch,
);
const FLAT = curves(
  () => 0.5,
  () => 0.5,
);
const OVERFITS = curves(
  (epoch) => 1 / epoch,
  (epoch) => 0.5 + Math.abs(epoch - 40) / 100,
);

describe('against bias', () => {
  test('a network whose error still falls trains longer; which key says so depends on what ended it', () => {
    expect(advice(withErrors(0.2, 0.2, { curves: FALLING }))[0]).toBe(
      'train longer: raise train.epochs (10 now), since train_data_loss still falls at the end',
    );
    const early_stopping = {
      monitor: 'validation_loss',
      patience: 5,
      min_delta: 0,
      trigger: 'no_improvement',
      every: 1,
    } as const;
    const stopped = { ...network({}, 1, trainSection({ early_stopping })), stopped: 3, epochs: 6.4, curves: FALLING };
    expect(advice(withErrors(0.2, 0.2, stopped))[0]).toBe(
      'train longer: raise train.early_stopping.patience (5 now), since trials stop after 6 of 10 epochs while train_data_loss still falls',
    );
  });

  test('a network that learns no more gets other advice than more epochs', () => {
    const pieces = advice(withErrors(0.2, 0.2, { curves: FLAT }));
    expect(pieces.filter((piece) => piece.startsWith('train longer'))).toEqual([]);
    expect(pieces[0]).toBe(
      'a bigger network: its hidden layer has 16 units, and nothing else was tried; search `units`',
    );
  });

  test('a width at its upper end goes on, one inside does not', () => {
    const definition = { model: { layers: [{ units: '$width' }] }, search: { width: { values: [16, 64, 256] } } };
    const wide = { definition, contenders: [{ width: 256 }, { width: 256 }] };
    expect(advice(withErrors(0.2, 0.2), wide)).toContain(
      'a bigger network: the best has width 256, the highest that was searched; try 1024',
    );
    const inside = { definition, contenders: [{ width: 64 }] };
    expect(advice(withErrors(0.2, 0.2), inside).filter((piece) => piece.startsWith('a bigger'))).toEqual([]);
  });

  test('regularisation that was not searched may be too strong', () => {
    expect(advice(withErrors(0.2, 0.2, network({ dropout: 0.5, l2: 0.1 })))).toContain(
      'less regularisation: dropout 0.5 and l2 0.1 may hold it back',
    );
  });

  test('deep networks of squashing activations are told so', () => {
    expect(advice(withErrors(0.4, 0.4, network({ activation: { name: 'tanh' } }, 5)))).toContain(
      'another architecture: 5 layers of tanh pass on small gradients only; try relu with he_uniform',
    );
  });
});

describe('against variance', () => {
  test('an error that rises is kept where it was lowest', () => {
    expect(advice(withErrors(0, 0.2, { curves: OVERFITS, budget: 100 }))[0]).toBe(
      'stop earlier: validation_data_loss is lowest at about epoch 40 of 100; early_stopping: { monitor: validation_data_loss, patience: 10 } and keep: { best: validation_data_loss }',
    );
    const keep = { rule: 'best', metric: 'validation_loss' } as const;
    const kept = { ...network({}, 1, trainSection({ keep })), curves: OVERFITS };
    expect(advice(withErrors(0, 0.2, kept)).filter((piece) => piece.startsWith('stop'))).toEqual([]);
  });

  test('dropout at the upper end of its range is widened, surely or perhaps', () => {
    const definition = { model: { hidden: { dropout: '$rate' } }, search: { rate: { values: [0, 0.2, 0.4] } } };
    const config = withErrors(0, 0.2, network({ dropout: 0.4 }));
    expect(advice(config, { definition, contenders: [{ rate: 0.4 }, { rate: 0.4 }] })[0]).toBe(
      'more regularisation: the best has rate 0.4, the highest that was searched; try 0.6',
    );
    expect(advice(config, { definition, contenders: [{ rate: 0.4 }, { rate: 0.2 }] })).toContain(
      'more regularisation: the best has rate 0.4, the highest that was searched, though others that may be as good have less of it; try 0.6',
    );
  });

  test('what was not tried at all is named', () => {
    expect(advice(withErrors(0, 0.2))).toContain(
      'regularisation that was not tried: search dropout (such as 0, 0.2, 0.4) or l2 (such as 0, 0.0001, 0.001)',
    );
    expect(advice(withErrors(0, 0.2, network({ dropout: 0.2 })))).toContain(
      'regularisation that was not tried: search l2 (such as 0, 0.0001, 0.001)',
    );
  });

  test('a split that trains on few of its rows is named', () => {
    expect(advice(withErrors(0, 0.2, { rows: { train: 30, validation: 70, test: 0 } }))).toContain(
      'more data: the split leaves 30 rows of 100 to train on',
    );
  });
});

describe('a config that is not the best', () => {
  const definition = {
    model: { hidden: { l2: '$l2' }, layers: [{ units: '$width' }] },
    search: { l2: { values: [0.001, 0.1] }, width: { values: [8, 64] } },
  };
  const adviceFor = (config: ConfigFacts, own: Params, best: Params): readonly string[] => {
    const facts = sweepFacts([config], { definition, params: [own, best] });
    const configs = [0, 1].map((ordinal) => ({ config: ordinal, tied: null }));
    return diagnoseSweep(facts, { best: 1, configs }).diagnoses[0]!.advice;
  };

  test('is led towards the best, as far as that helps against what is wrong with it', () => {
    expect(adviceFor(withErrors(0.3, 0.3), { l2: 0.1, width: 8 }, { l2: 0.001, width: 64 }).slice(0, 2)).toEqual([
      'a bigger network: width is 8 here and 64 in the best',
      'less regularisation: l2 is 0.1 here and 0.001 in the best',
    ]);
    expect(adviceFor(withErrors(0, 0.3), { l2: 0.001, width: 64 }, { l2: 0.1, width: 8 }).slice(0, 2)).toEqual([
      'more regularisation: l2 is 0.001 here and 0.1 in the best',
      'a smaller network: width is 64 here and 8 in the best',
    ]);
  });

  test('is not led away from it', () => {
    const pieces = adviceFor(withErrors(0.3, 0.3), { l2: 0.001, width: 64 }, { l2: 0.1, width: 8 });
    expect(pieces.filter((piece) => piece.includes('in the best'))).toEqual([]);
  });
});

test('against both, advice is of both kinds', () => {
  const both = advice(withErrors(0.15, 0.3, { curves: FALLING }));
  expect(both.some((piece) => piece.startsWith('train longer'))).toBe(true);
  expect(both.some((piece) => piece.startsWith('regularisation'))).toBe(true);
});

test('against neither, it is for what is left of the error, if anything is left', () => {
  expect(advice(withErrors(0, 0.02))[0]).toMatch(/^regularisation/);
  expect(advice(withErrors(0, 0))).toEqual([]);
});

test("of a module's network only the results and the recipe itself speak", () => {
  const model = { module: '/net.ts', sha256: '', params: {} };
  const sections = { data: moonsData(100, 30), model, train: trainSection() };
  const definition = { model: { params: { rate: '$dropout' } }, search: { dropout: { values: [0, 0.2] } } };
  expect(advice(withErrors(0, 0.2, { sections }), { definition, contenders: [{ dropout: 0.2 }] })).toEqual([
    'more regularisation: the best has dropout 0.2, the highest that was searched, perhaps by chance; try 0.4',
    'more data: it has 600 rows to train on',
    'another architecture, such as another activation, normalization or optimizer',
  ]);
});
