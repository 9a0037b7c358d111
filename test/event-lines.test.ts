/** What happens in a sweep reads as a sentence, also where something is not known. */

import { expect, test } from 'vitest';
import { failedLine, lostLine, runBegunLine, runEndedLine } from '../src/event-lines.ts';

const PLACE = { config: 3, replicate: 2 };

test('failures and losses name the trial, and why where that is known', () => {
  expect(failedLine(PLACE, { kind: 'diverged', epoch: 5, message: 'not finite' })).toBe(
    'failed: config 3 rep 2, diverged at epoch 5: not finite',
  );
  expect(failedLine(PLACE, { kind: 'crashed', epoch: null, message: '' })).toBe('failed: config 3 rep 2, crashed');
  expect(lostLine(PLACE, null)).toBe('lost, and tried again: config 3 rep 2');
});

test('runs begin and end', () => {
  expect(runBegunLine(4, 1, 'wasm')).toBe('run 4 begins with 1 worker on backend wasm');
  expect(runEndedLine(4, 'finished')).toBe('run 4 ended: every trial has ended');
  expect(runEndedLine(4, 'lost')).toBe('run 4 ended: its process died');
  expect(runEndedLine(4, 'some later word')).toBe('run 4 ended: some later word');
});
