/** Convolution, pooling and augmentation on each backend. */

import { describeImages } from '../conformance/images.ts';

describeImages('native');
describeImages('wasm');
describeImages('cpu');
