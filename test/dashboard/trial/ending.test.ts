/** How a trial stands, in words. */

import { describe, expect, it } from 'vitest';
import { endingOf, type Objective } from '../../../src/dashboard/trial/ending.ts';
import { ATTEMPT, curveOf, FAILED, QUEUED, RUNNING, STOPPED, trialWith, type TrialAnswer } from './answers.ts';

const OBJECTIVE: Objective = { metric: 'validation_accuracy', goal: 'maximize' };
const said = (answer: TrialAnswer, objective = OBJECTIVE): string => endingOf(answer, objective);

describe('the ending of a trial', () => {
  it('says when it stopped early, what was kept, and which loss was lowest there', () => {
    expect(said(STOPPED)).toBe('early stopping at epoch 31 of 200; kept 24, where validation_loss is lowest');
  });

  it('names the objective where the kept epoch is the best by that only', () => {
    expect(said(trialWith({ kept_epoch: 31 }))).toBe(
      'early stopping at epoch 31 of 200; kept the last, where validation_accuracy is highest',
    );
  });

  it('claims nothing where the kept epoch is the best by no curve', () => {
    expect(said(trialWith({ kept_epoch: 5 }))).toBe('early stopping at epoch 31 of 200; kept 5');
  });

  it('goes by the goal of a metric of a module', () => {
    const own = trialWith({ kept_epoch: 2 }, { curves: [curveOf('reward', [1, 5, 3])] });
    expect(said(own, { metric: 'reward', goal: 'maximize' })).toContain('kept 2, where reward is highest');
    expect(said(own)).not.toContain('reward');
  });

  it('says that all epochs were trained, and how many where the module alone knew', () => {
    const all = { stop_reason: 'epochs', kept_epoch: 5 };
    expect(said(trialWith({ ...all, epochs: 200 }))).toBe('all 200 epochs; kept 5');
    expect(said(trialWith({ ...all, epochs: 57, budget: 1 }))).toBe('57 epochs; kept 5');
  });

  it('says what a trial that has not ended waits for', () => {
    expect(said(QUEUED)).toBe('waits for a worker');
    const again = trialWith({ state: 'queued', attempts: [ATTEMPT] }, { checkpoint: STOPPED.checkpoint });
    expect(said(again)).toBe('waits for a worker after 1 attempt, goes on from epoch 31');
    expect(said(RUNNING)).toBe('trains on worker 1: epoch 31 of 200');
    const early = trialWith({ state: 'running', attempts: [{ ...ATTEMPT, outcome: null, worker: null }] });
    expect(said(early)).toBe('waits in a worker for a free slot');
    expect(said(trialWith({ state: 'paused' }))).toBe('paused at epoch 31 of 200');
  });

  it('says how it failed, also of a kind from a newer version', () => {
    expect(said(FAILED)).toBe('diverged at epoch 3 of 200');
    expect(said(trialWith({ state: 'failed', failure_kind: 'melted' }))).toBe('melted at epoch 31 of 200');
  });
});
