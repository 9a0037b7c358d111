/** Our operations on each backend: the conformance tests, natively and in JavaScript. */

import { describeOps } from '../conformance/ops.ts';

describeOps('native');
describeOps('wasm');
describeOps('cpu');
