/** Memory over many cohorts in one worker: more programs than a worker keeps, so that some are disposed of all the time. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { widestStack } from '../../src/coordinator/core/cohort-width.ts';
import type { CohortTask } from '../../src/executor/executor.ts';
import type { Backend } from '../../workers/backend/backend.ts';
import { Cohort } from '../../workers/cohort.ts';
import { nativeBackend } from '../../workers/compile/binding.ts';
import { markdownTable } from './markdown.ts';
import { definitionFile, loadConfigs } from './workloads.ts';

/** Slots of a stack, where the program gains from so many. */
const WIDTH = 4;
const SAMPLES = 10;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

export async function memoryTable(backend: Backend, cohorts: number): Promise<string> {
  const configs = await loadConfigs(definitionFile('memory'));
  const every = Math.max(1, Math.floor(cohorts / SAMPLES));
  const rows: string[][] = [];
  for (let number = 1; number <= cohorts; number += 1) {
    const { program, entrants } = configs[number % configs.length]!;
    const trials = entrants.map(({ task }) => task);
    const width = Math.min(WIDTH, widestStack(program));
    const task: CohortTask = { version: 1, cohort: number, program, width, trials };
    const cohort = new Cohort(task, {
      backend,
      dataset: () => entrants[0]!.dataset,
      worker: 0,
      post: (event) => {
        if (event.type === 'wants_trials') cohort.add([]);
      },
    });
    const end = await cohort.run();
    if (end.reason !== 'finished') throw new Error(`cohort ${number} must finish, but it ${JSON.stringify(end)}`);
    if (number % every === 0) rows.push([String(number), ...sample()]);
  }
  return markdownTable(['cohorts', 'resident, MB', 'heap, MB', 'tensors', 'of the library', 'MB of tensors'], rows);
}

/** Memory of the process without garbage, and the tensors alive: those of TensorFlow.js, and those of the native library. */
function sample(): string[] {
  collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  const { numTensors, numBytes } = tf.memory();
  const native = nativeBackend().binding.getNumOfTensors();
  const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
  return [megabytes(rss), megabytes(heapUsed), String(numTensors), String(native), megabytes(numBytes)];
}
