/** The doctor's view of this machine: Node, processor, memory, the cache, and the folder we stand in. */

import { accessSync, constants, statfsSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import type { Finding } from './finding.ts';

const MINIMUM_NODE = [20, 19] as const;
/** Below this a worker with libtensorflow and its data gets tight. */
const COMFORTABLE_MEMORY = 2e9;
const COMFORTABLE_DISK = 1e9;

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

export function examineMachine(): Finding[] {
  return [examineNode(), examineProcessor(), examineMemory(), examineFolder()];
}

function examineNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]);
  const text = `${process.versions.node} on ${process.platform} ${process.arch}`;
  const advice = `install Node ${MINIMUM_NODE.join('.')} or later`;
  return { subject: 'Node', grade: good ? 'ok' : 'problem', text, ...(good ? {} : { advice }) };
}

function examineProcessor(): Finding {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return { subject: 'processor', grade: 'ok', text: `${model}, ${availableParallelism()} cores to use` };
}

function examineMemory(): Finding {
  const total = totalmem();
  const text = `${gigabytes(total)}, ${gigabytes(freemem())} free`;
  if (total >= COMFORTABLE_MEMORY) return { subject: 'memory', grade: 'ok', text };
  return { subject: 'memory', grade: 'warning', text, advice: 'use `--workers 1`' };
}

/** The database is written where the command runs, unless `--db` says otherwise. */
function examineFolder(): Finding {
  const folder = process.cwd();
  const subject = 'this folder';
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    const advice = 'go to a folder of your own, or name a file in one with `--db`';
    return { subject, grade: 'problem', text: `${folder} cannot be written to`, advice };
  }
  const { bavail, bsize } = statfsSync(folder);
  const room = bavail * bsize;
  const text = `${folder} can be written to, ${gigabytes(room)} free`;
  if (room >= COMFORTABLE_DISK) return { subject, grade: 'ok', text };
  return { subject, grade: 'warning', text, advice: 'a long sweep may fill the disk; `--db` names a file elsewhere' };
}
