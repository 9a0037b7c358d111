/** What set-up left behind: whether the native backend is there, of which libtensorflow, or why it is not. */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { packageVersion } from './package-info.ts';

/** What scripts/setup/native.mjs writes beside tfjs-node. */
const Verdict = z.union([
  z.object({ backend: z.literal('native'), libtensorflow: z.string(), source: z.string(), library: z.string() }),
  z.object({ backend: z.literal('wasm'), reason: z.string() }),
]);
export type SetUpVerdict = z.infer<typeof Verdict>;

export type SetUp =
  /** npm left the optional package @tensorflow/tfjs-node out. */
  | { readonly state: 'left out' }
  /** `built`: the addon is there all the same, by the package's own installer. */
  | { readonly state: 'never ran'; readonly built: boolean }
  | { readonly state: 'ran'; readonly verdict: SetUpVerdict };

/** Looks at files only: loading the library takes a second and belongs to the workers. */
export function readSetUp(): SetUp {
  const folder = tfjsNodeFolder();
  if (folder === undefined) return { state: 'left out' };
  const file = join(folder, '.nightsweep.json');
  if (!existsSync(file)) return { state: 'never ran', built: isBuilt(folder) };
  const verdict = Verdict.safeParse(parseJson(readFileSync(file, 'utf8')));
  return verdict.success ? { state: 'ran', verdict: verdict.data } : { state: 'never ran', built: isBuilt(folder) };
}

/** The versions that are recorded with a sweep and with each of its runs. */
export function recordedVersions(): Record<string, string> {
  const setUp = readSetUp();
  const native = setUp.state === 'ran' && setUp.verdict.backend === 'native' ? setUp.verdict : undefined;
  return {
    nightsweep: packageVersion,
    node: process.versions.node,
    v8: process.versions.v8,
    ...(native ? { libtensorflow: native.libtensorflow } : {}),
  };
}

function tfjsNodeFolder(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json'));
  } catch {
    return undefined;
  }
}

function isBuilt(folder: string): boolean {
  const lib = join(folder, 'lib');
  return existsSync(lib) && readdirSync(lib).some((name) => existsSync(join(lib, name, 'tfjs_binding.node')));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
