/** The lecture's own studies, shortened, are diagnosed as it tells them. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { Reader } from '../../db/reader.ts';
import { type Answers, readAnswers } from '../../src/answers/answers.ts';
import { runSweep } from '../../src/index.ts';
import { emptyFolder } from '../empty-folder.ts';

const STUDIES = {
  exploding: ['train.epochs=2', 'replicates=3'],
  'moons-l2': ['train.epochs=800', 'replicates=2', 'search.l2={values: [0.001, 0.3]}'],
  capacity: ['train.epochs=40', 'replicates=2', 'search.nodes={values: [1, 7]}', 'search.depth={values: [1]}'],
} as const;

const answers = new Map<string, Answers>();

beforeAll(async () => {
  const database = join(emptyFolder(), 'studies.db');
  for (const [name, set] of Object.entries(STUDIES)) {
    const file = fileURLToPath(new URL(`../../sweeps/${name}.yaml`, import.meta.url));
    await runSweep(file, { database, set, workers: 1, backend: 'native' });
  }
  const reader = Reader.open(database);
  for (const name of Object.keys(STUDIES)) answers.set(name, readAnswers(reader, name, reader.leaderboard(name, 10)));
  reader.close();
});

test('exploding gradients: without clipping all diverge, by any of the three causes', () => {
  const { causes } = answers.get('exploding')!.diagnosis;
  expect(causes.map(({ cause, evidence }) => [cause, evidence[0]])).toEqual([
    ['learning_rate', '3 of 3 without clipping and 0 of 3 with clipped gradients diverged'],
    ['data_preparation', 'features and target are not transformed in any trial that diverged'],
    ['loss_function', 'mse grows with the square of the error, and its gradient with the error'],
  ]);
});

describe('weight regularisation', () => {
  const diagnosisOf = (config: number) =>
    answers.get('moons-l2')!.diagnosis.diagnoses.find((diagnosis) => diagnosis.config === config);

  test('500 units for 30 rows have high variance without a penalty', () => {
    expect(diagnosisOf(2)).toMatchObject({ part: 'test', scenario: 'high_variance', train_error: 0 });
  });

  test('too large a penalty is high bias', () => {
    expect(diagnosisOf(1)?.scenario).toMatch(/^(high_bias|both)$/);
  });

  test('among the advice is what helps: more of the rows', () => {
    expect(diagnosisOf(2)?.advice).toContain('more data: the split leaves 30 rows of 100 to train on');
  });
});

test('capacity: one node cannot tell twenty blobs apart, and it shows on its own rows', () => {
  const { diagnoses } = answers.get('capacity')!.diagnosis;
  expect(diagnoses.map(({ scenario }) => scenario)).toEqual(['neither', 'high_bias']);
});
