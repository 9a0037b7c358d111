/** The doctor's view of the numerical backends: each is loaded and used once, and a missing one is explained. */

import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { coordinatorEnvironment } from '../../supervisor.ts';
import type { Finding } from './finding.ts';

const PROBE_MILLISECONDS = 120_000;

const Probe = z.object({ version: z.string(), fingerprint: z.string() });

/** What scripts/setup/native.mjs writes beside tfjs-node. */
const Verdict = z.union([
  z.object({ backend: z.literal('native'), libtensorflow: z.string(), source: z.string(), library: z.string() }),
  z.object({ backend: z.literal('wasm'), reason: z.string() }),
]);

export async function examineBackends(): Promise<Finding[]> {
  const native = await examineNative();
  // wasm is what sweeps fall back to; where native works it is left alone, since loading it takes a second.
  return native.some(({ grade }) => grade !== 'ok') ? [...native, await examineWasm()] : native;
}

async function examineNative(): Promise<Finding[]> {
  const verdict = readVerdict();
  const subject = 'native backend';
  const result = await probe('native');
  if ('failure' in result) {
    const why = verdict?.backend === 'wasm' ? verdict.reason : result.failure;
    return [{ subject, grade: 'warning', text: why, advice: '`nightsweep setup` tries again' }];
  }
  const source = verdict?.backend === 'native' ? ` (${verdict.source}), ${verdict.library}` : '';
  return [
    { subject, grade: 'ok', text: `libtensorflow ${result.version}${source}` },
    { subject: 'fingerprint', grade: 'ok', text: result.fingerprint },
  ];
}

async function examineWasm(): Promise<Finding> {
  const subject = 'wasm backend';
  const result = await probe('wasm');
  return 'failure' in result
    ? { subject, grade: 'problem', text: result.failure, advice: 'install nightsweep again' }
    : { subject, grade: 'ok', text: `${result.version}, slower than native` };
}

/** Runs probe-backend in a child process. */
function probe(name: 'native' | 'wasm'): Promise<z.infer<typeof Probe> | { failure: string }> {
  // The same file from the sources as from dist, where its name ends differently.
  const script = fileURLToPath(new URL(`./probe-backend${extname(import.meta.url)}`, import.meta.url));
  // The environment of a run, which the fingerprint depends on.
  const options = { timeout: PROBE_MILLISECONDS, env: coordinatorEnvironment(1, false) };
  return new Promise((resolve) => {
    execFile(process.execPath, [...process.execArgv, script, name], options, (error, stdout, stderr) => {
      if (error === null) return resolve(Probe.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')));
      const said = stderr.split('\n').find((line) => /Error: /.test(line));
      resolve({ failure: said?.trim() ?? `loading it ended with ${error.signal ?? error.code}` });
    });
  });
}

function readVerdict(): z.infer<typeof Verdict> | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json'));
    const file = join(folder, '.nightsweep.json');
    return existsSync(file) ? Verdict.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  } catch {
    return { backend: 'wasm', reason: 'the optional package @tensorflow/tfjs-node is not installed' };
  }
}
