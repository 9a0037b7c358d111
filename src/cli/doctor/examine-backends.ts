/** The doctor's view of the numerical backends: each is loaded and used once, and a missing one is explained. */

import { execFile } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readSetUp } from '../../setup-verdict.ts';
import { coordinatorEnvironment } from '../../supervisor.ts';
import type { Finding } from './finding.ts';

const PROBE_MILLISECONDS = 120_000;

const Probe = z.object({ version: z.string(), fingerprint: z.string() });

export async function examineBackends(): Promise<Finding[]> {
  const native = await examineNative();
  // wasm is what sweeps fall back to; where native works it is left alone, since loading it takes a second.
  return native.some(({ grade }) => grade !== 'ok') ? [...native, await examineWasm()] : native;
}

async function examineNative(): Promise<Finding[]> {
  const setUp = readSetUp();
  const verdict = setUp.state === 'ran' ? setUp.verdict : undefined;
  const subject = 'native backend';
  const result = await probe('native');
  if ('failure' in result) {
    const leftOut =
      setUp.state === 'left out' ? 'the optional package @tensorflow/tfjs-node is not installed' : undefined;
    const why = leftOut ?? (verdict?.backend === 'wasm' ? verdict.reason : result.failure);
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
