/** The backend of a run that names none: native where set-up has built it, else wasm, and why. */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { BackendName } from '../../workers/protocol.ts';

export interface BackendChoice {
  readonly backend: BackendName;
  /** One line for the user where it is not the fast one. */
  readonly reason?: string;
}

/** What set-up writes beside tfjs-node when native code cannot be had. */
const Verdict = z.object({ backend: z.literal('wasm'), reason: z.string() });

/** Looks at files only: loading the library would take a second and belongs to the workers. */
export function chooseBackend(): BackendChoice {
  const missing = whyNoNative();
  if (missing === undefined) return { backend: 'native' };
  return {
    backend: 'wasm',
    reason: `using the slower wasm backend: ${missing} (\`nightsweep setup\` brings the native one)`,
  };
}

function whyNoNative(): string | undefined {
  const folder = tfjsNodeFolder();
  if (folder === undefined) return 'the optional package @tensorflow/tfjs-node is not installed';
  const verdict = Verdict.safeParse(readJson(join(folder, '.nightsweep.json')));
  if (verdict.success) return verdict.data.reason;
  const lib = join(folder, 'lib');
  const built = existsSync(lib) && readdirSync(lib).some((name) => existsSync(join(lib, name, 'tfjs_binding.node')));
  return built ? undefined : 'the native backend has not been built';
}

function tfjsNodeFolder(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json'));
  } catch {
    return undefined;
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
