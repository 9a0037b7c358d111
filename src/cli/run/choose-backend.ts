/** The backend of a run that names none: native where set-up has built it, else wasm, and why. */

import type { BackendName } from '../../../workers/protocol.ts';
import { readSetUp } from '../../setup-verdict.ts';

export interface BackendChoice {
  readonly backend: BackendName;
  /** One line for the user where it is not the fast one. */
  readonly reason?: string;
}

export function chooseBackend(): BackendChoice {
  const missing = whyNoNative();
  if (missing === undefined) return { backend: 'native' };
  return {
    backend: 'wasm',
    reason: `using the slower wasm backend: ${missing} (\`nightsweep setup\` brings the native one)`,
  };
}

function whyNoNative(): string | undefined {
  const setUp = readSetUp();
  if (setUp.state === 'left out') return 'the optional package @tensorflow/tfjs-node is not installed';
  if (setUp.state === 'never ran') return setUp.built ? undefined : 'the native backend has not been built';
  return setUp.verdict.backend === 'wasm' ? setUp.verdict.reason : undefined;
}
