/** A round of the kill test: one sweep through the real command, killed again and again until it is finished. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { verify } from '../../db/verify.ts';
import type { FaultPoint } from '../../src/faults.ts';
import { type Dice, dice } from './dice.ts';
import { type Loss, type Survival, greater, lossOf, resultTables, survivalOf, tableDifferences } from './evidence.ts';
import { type Target, Victim } from './victim.ts';

export const FAULT_POINTS = ['commit', 'start_up', 'refill', 'restart', 'supervise'] as const;
export const TARGETS = ['coordinator', 'supervisor', 'both'] as const;

/** 48 trials of a few hundred epochs, of two programs; some stop early, so that others take their slots. */
const SWEEP = `
name: killed
seed: 5
data: { generator: moons, samples: 120, noise: 0.3, seed: 2, split: { train: 64, validation: 28, test: rest } }
model:
  hidden: { activation: tanh, dropout: $dropout, l2: $l2 }
  layers: [{ units: 12 }, { units: 12, activation: $activation }, { units: 1, activation: sigmoid }]
train:
  loss: binary_crossentropy
  optimizer: adam
  batch_size: 16
  epochs: 240
  early_stopping: { monitor: validation_loss, patience: 60 }
  keep: best
record: { weight_norms: true, gradient_norms: true }
search:
  activation: { values: [relu, tanh] }
  dropout: { values: [0.1, 0.4] }
  l2: { values: [0, 0.001, 0.01] }
replicates: 4
objective: validation_loss
`;

const RUN = ['killed.yaml', '--db', 'killed.db', '--workers', '2', '--checkpoint-every', '0.05s'];

/** What takes longer, in starts or in milliseconds of one start, never ends. */
const MOST_STARTS = 30;
const LONGEST_START = 90_000;

export interface RoundResult extends Survival {
  readonly seconds: number;
  /** Commands that were given until the sweep was finished. */
  readonly starts: number;
  readonly kills: Readonly<Record<Target, number>>;
  readonly faults: Readonly<Record<FaultPoint, number>>;
  readonly mostLost: Loss;
  /** What is not as it must be; empty where all is well. */
  readonly problems: readonly string[];
}

export interface Undisturbed {
  readonly tables: ReadonlyMap<string, readonly string[]>;
  readonly seconds: number;
}

export async function undisturbedRun(): Promise<Undisturbed> {
  return inFolder(async (folder, database) => {
    const begin = performance.now();
    const victim = new Victim(folder, RUN, {});
    const code = await victim.exited;
    if (code !== 0) throw new Error(`the undisturbed run ended with exit code ${code}: ${victim.stderr}`);
    return { tables: resultTables(database), seconds: (performance.now() - begin) / 1000 };
  });
}

/** @param number of the round: together with the seed it decides when and where is killed */
export async function killedRun(number: number, seed: number, { tables }: Undisturbed): Promise<RoundResult> {
  return inFolder(async (folder, database) => {
    const begin = performance.now();
    const round = new Round(folder, database, dice(seed * 10_007 + number), number);
    await round.finish();
    const survival = survivalOf(database);
    const problems = tableDifferences(tables, resultTables(database));
    if (survival.failed > 0) problems.push(`${survival.failed} innocent trials failed`);
    if (survival.committedEpochsLost > 0) problems.push(`${survival.committedEpochsLost} committed epochs were lost`);
    const { database: whole, sweeps } = verify(database);
    problems.push(...[...whole, ...sweeps.flatMap(({ checks }) => checks)].flatMap(({ violations }) => violations));
    return { ...survival, ...round.counts(), seconds: (performance.now() - begin) / 1000, problems };
  });
}

class Round {
  readonly #folder: string;
  readonly #database: string;
  readonly #dice: Dice;
  readonly #env: Readonly<Record<string, string>>;
  readonly #faultLog: string;
  readonly #kills: Record<Target, number> = { coordinator: 0, supervisor: 0, both: 0 };
  #killsLeft: number;
  #starts = 0;
  #mostLost: Loss = { seconds: 0, interval: 0 };

  constructor(folder: string, database: string, random: Dice, number: number) {
    this.#folder = folder;
    this.#database = database;
    this.#dice = random;
    this.#killsLeft = random.whole(2, 3);
    this.#faultLog = join(folder, 'faults.log');
    this.#env = { NIGHTSWEEP_FAULT: faultsOf(number, random), NIGHTSWEEP_FAULT_LOG: this.#faultLog };
  }

  /** Gives the command again and again until it ends with exit code 0. */
  async finish(): Promise<void> {
    for (;;) {
      this.#starts += 1;
      const victim = new Victim(this.#folder, RUN, this.#env);
      const limit = setTimeout(() => victim.kill('supervisor'), LONGEST_START);
      await this.#haunt(victim);
      const code = await victim.exited;
      clearTimeout(limit);
      if (victim.milliseconds >= LONGEST_START) throw new Error(`start ${this.#starts} does not end`);
      if (code === 0) return;
      if (code !== null && (code === 2 || this.#starts >= MOST_STARTS)) {
        throw new Error(`start ${this.#starts} ended with exit code ${code}: ${victim.stderr}`);
      }
    }
  }

  counts(): Pick<RoundResult, 'starts' | 'kills' | 'faults' | 'mostLost'> {
    const lines = existsSync(this.#faultLog) ? readFileSync(this.#faultLog, 'utf8') : '';
    const faults = FAULT_POINTS.map((point) => [point, lines.split(`${point}:`).length - 1]);
    return {
      starts: this.#starts,
      kills: this.#kills,
      faults: Object.fromEntries(faults) as RoundResult['faults'],
      mostLost: this.#mostLost,
    };
  }

  /** Kills as long as there are kills left, and someone to be killed. */
  async #haunt(victim: Victim): Promise<void> {
    while (this.#killsLeft > 0 && (await this.#moment(victim))) {
      const target = this.#dice.pick(TARGETS);
      const killed = victim.kill(target);
      if (!killed) continue;
      this.#killsLeft -= 1;
      this.#kills[target] += 1;
      const { coordinator } = killed;
      if (coordinator !== undefined) {
        this.#mostLost = greater(this.#mostLost, lossOf(this.#database, coordinator, Date.now()));
      }
      if (target !== 'coordinator') return;
    }
  }

  /** Waits until it is time to kill: by the run's progress, or early. False where it ended before. */
  async #moment(victim: Victim): Promise<boolean> {
    const early = this.#dice.number(0, 1) < 0.2;
    if (!early && !(await victim.event('trial_started', this.#dice.whole(1, 20)))) return false;
    const pause = wait(this.#dice.number(0, early ? 3000 : 1000));
    return Promise.race([pause.then(() => true), victim.exited.then(() => false)]);
  }
}

/** Two faults, in turn over the rounds, so that each point has its share. */
function faultsOf(round: number, random: Dice): string {
  const passes: Record<FaultPoint, number> = {
    commit: random.whole(1, 20),
    start_up: 1,
    refill: random.whole(1, 2),
    restart: 1,
    supervise: 1,
  };
  const points = [round, round + 2].map((index) => FAULT_POINTS[index % FAULT_POINTS.length]!);
  return points.map((point) => `${point}:${passes[point]}`).join(',');
}

async function inFolder<Result>(work: (folder: string, database: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'nightsweep-kill-'));
  try {
    writeFileSync(join(folder, 'killed.yaml'), SWEEP);
    return await work(folder, join(folder, 'killed.db'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
