/** TensorFlow.js as users' modules get it: one copy for them and for us, with the backend that the worker has loaded. */

import * as core from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { TensorFlow } from '../../src/module-types.ts';

export const tensorFlow: TensorFlow = { ...core, ...layers };
