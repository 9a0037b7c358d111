/** TensorFlow.js as users' modules get it: one copy for them and for us, with the backend that the worker has loaded. */

import * as core from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { TensorFlow } from '../../src/module-types.ts';

const { default: _core, ...ops } = core;
const { default: _layers, ...models } = layers;

export const tensorFlow: TensorFlow = { ...ops, ...models };
