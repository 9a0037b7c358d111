/** Sets up what npm alone cannot: run before `npm start` and `npm test`, and by `nightsweep setup`. */

import { distStep } from './setup/dist.mjs';
import { takeLock } from './setup/lock.mjs';
import { nativeStep, nativeVerdict } from './setup/native.mjs';
import { packagesStep } from './setup/packages.mjs';
import { isCheckout } from './setup/places.mjs';
import { duration } from './setup/progress.mjs';
import { sqliteStep } from './setup/sqlite.mjs';

const MINIMUM_NODE = [20, 19];

/** `--retry`: try again for the native backend where an earlier set-up fell back to wasm, and say how it ended. */
const retry = process.argv.includes('--retry');
const requireNative = process.env.NIGHTSWEEP_REQUIRE_NATIVE === '1';

const native = nativeStep(retry || requireNative);
const steps = isCheckout ? [packagesStep, sqliteStep, native, distStep] : [sqliteStep, native];

/** Does what is still to be done, in order; returns whether there was anything. */
async function carryOut() {
  const start = performance.now();
  let worked = false;
  for (const [index, step] of steps.entries()) {
    // Asked again: another process may have done it while we waited for the lock.
    if (step.isDone()) continue;
    worked = true;
    const stepStart = performance.now();
    console.log(`[${index + 1}/${steps.length}] ${step.title}`);
    await step.run();
    console.log(`      done in ${duration(performance.now() - stepStart)}`);
  }
  if (worked) console.log(`Set up in ${duration(performance.now() - start)}.`);
  return worked;
}

/** One line on which backend there is; false where the native one is missing but required. */
function tellBackend(worked) {
  const verdict = nativeVerdict();
  if (verdict?.backend === 'native') {
    if (worked || retry) console.log(`Backend: native, libtensorflow ${verdict.libtensorflow} (${verdict.source}).`);
    return true;
  }
  const again = isCheckout ? 'npm run setup' : 'nightsweep setup';
  console.log(`Backend: wasm, which is slower: ${verdict?.reason ?? 'unknown reason'} (\`${again}\` tries again).`);
  return !requireNative;
}

async function main() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    throw new Error(`Node must be ${MINIMUM_NODE.join('.')} or later, but this is ${process.versions.node}`);
  }
  let worked = false;
  if (!steps.every((step) => step.isDone())) {
    const release = await takeLock('setup', () => console.log('Another set-up is running; waiting for it.'));
    worked = await carryOut().finally(release);
  }
  if (!tellBackend(worked)) throw new Error('NIGHTSWEEP_REQUIRE_NATIVE=1 demands the native backend');
}

try {
  await main();
} catch (error) {
  if (error.tail) console.error(error.tail);
  console.error(`Set-up failed: ${error.message}`);
  process.exitCode = 1;
}
