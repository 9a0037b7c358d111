/** docs/events.md says what `--json` prints: every event with every field, and nothing else. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { DisplayEvent } from '../../src/dashboard/display.ts';
import { EVENT_VERSION, JsonDisplay } from '../../src/dashboard/lines/json.ts';
import { SNAPSHOTS, STARTED, states } from '../frames/snapshots.ts';

const page = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8');

const TRIAL = { trial: 7, config: 2, replicate: 1, params: { l2: 0.1 } };

/** One of each; a type that is missing here does not compile. */
const EVENTS: { readonly [Type in DisplayEvent['type']]: Extract<DisplayEvent, { type: Type }> } = {
  started: {
    type: 'started',
    sweep: 'quickstart',
    database: 'nightsweep.db',
    objective: 'test_accuracy',
    goal: 'maximize',
    configs: 36,
    replicates: 3,
    trials: 108,
    trials_ended: 0,
    workers: 2,
    backend: 'native',
  },
  trial_started: { type: 'trial_started', ...TRIAL },
  trial_ended: {
    type: 'trial_ended',
    ...TRIAL,
    state: 'failed',
    epochs: 3,
    seconds: 0.2,
    objective: null,
    failure_kind: 'diverged',
    message: 'the training loss is not finite',
  },
  notice: { type: 'notice', level: 'info', message: 'stopping' },
  holding: { type: 'holding', reason: 'disk', message: 'the disk is full' },
  ended: { type: 'ended', reason: 'finished', exit_code: 2, states: states({ completed: 1 }), seconds: 4 },
};

/** What is printed of a run with each kind of event, by type. */
function printed(): Map<string, Record<string, unknown>> {
  let text = '';
  let now = STARTED;
  const display = new JsonDisplay({ write: (part: string) => (text += part) }, () => now);
  // Two looks at a running sweep, so that its speed is known.
  display.update({ ...SNAPSHOTS.running, epochs_done: 0, run_epochs: 0, run_trials: 0 });
  now += 60_000;
  display.update(SNAPSHOTS.running);
  for (const event of Object.values(EVENTS)) display.event(event);
  const lines = text.trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const event: Record<string, unknown> = JSON.parse(line);
      return [String(event['type']), event];
    }),
  );
}

/** The text on a type: from its name in bold to the next one, or to the next heading. */
function textOn(type: string): string {
  return new RegExp(`^\\*\\*\`${type}\`\\*\\*[^]*?(?=^\\*\\*|^To see|^#)`, 'm').exec(page)?.[0] ?? '';
}

/** Words in code; for one type, also those of another whose fields it is said to have. */
function words(text: string): Set<string> {
  const whole = text.replace('the fields of `trial_started`', () => textOn('trial_started'));
  return new Set([...whole.matchAll(/`([a-z_]+)`/g)].map(([, word]) => word ?? ''));
}

const events = printed();

test('there is a paragraph for each type, and a type for each paragraph', () => {
  const documented = [...page.matchAll(/^\*\*`([a-z_]+)`\*\*/gm)].map(([, type]) => type!);
  expect(documented.toSorted()).toEqual([...events.keys()].toSorted());
});

test.each([...events])('%s: every field is documented', (type, event) => {
  const documented = words(textOn(type));
  const { version, time, type: _, ...fields } = event;
  expect(version).toBe(EVENT_VERSION);
  expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const nested = ['speed', 'seconds_left', 'best'].flatMap((name) => Object.keys(fields[name] ?? {}));
  expect([...Object.keys(fields), ...nested].filter((field) => !documented.has(field))).toEqual([]);
});
