/**
 * Places at which tests let a process die as by `kill -9`; nothing happens there unless the environment asks for it.
 *
 * `NIGHTSWEEP_FAULT=start_up:1,commit:3` is a list of deaths that come one after another, in whichever process gets there:
 * at the first pass through `start_up`, then at the third pass of a later process through `commit`. What has happened is
 * known from the file `NIGHTSWEEP_FAULT_LOG`, to which each death adds its line: a process that is started again does not
 * die of the same fault, however it came to be started.
 */

import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/**
 * `commit`: in the open transaction, after its writes. `restart`: in the transaction that recovers what a dead coordinator
 * left. `start_up`: recovered, but the run has not begun. `refill`: trials are about to join a running cohort.
 * `supervise`: in the supervisor, between a coordinator's death and the next one's start.
 */
export type FaultPoint = 'commit' | 'restart' | 'start_up' | 'refill' | 'supervise';

interface Fault {
  readonly point: string;
  /** Passes of one process through the point, this one included. */
  readonly pass: number;
}

const faults = parse(process.env['NIGHTSWEEP_FAULT']);
const log = process.env['NIGHTSWEEP_FAULT_LOG'];
let next = 0;
let passes = 0;

/** Does nothing, at no cost, or never returns. */
export function faultPoint(point: FaultPoint): void {
  if (!faults) return;
  const happened = countHappened();
  if (happened !== next) [next, passes] = [happened, 0];
  const fault = faults[next];
  if (fault?.point !== point) return;
  passes += 1;
  if (passes === fault.pass) die(`${point}:${fault.pass}`);
}

function parse(text: string | undefined): readonly Fault[] | undefined {
  return text?.split(',').map((entry) => {
    const [point = '', pass] = entry.split(':');
    return { point, pass: Number(pass ?? 1) };
  });
}

function countHappened(): number {
  return log !== undefined && existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0;
}

function die(fault: string): void {
  if (log !== undefined) appendFileSync(log, `${fault} ${process.pid} ${Date.now()}\n`);
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment; nothing is to happen in it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
