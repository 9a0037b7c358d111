/** Kernels that tfjs-node lacks, although its TensorFlow has the ops. */

import * as tf from '@tensorflow/tfjs-core';

/** The part of tfjs-node's backend that is used here. */
interface NodeBackend {
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_FLOAT' | 'TF_INT32', number>>;
  executeSingleOutput(
    op: string,
    attributes: readonly { readonly name: string; readonly type: number; readonly value: number }[],
    inputs: readonly tf.TensorInfo[],
  ): tf.TensorInfo;
}

/** `tf.lowerBound` and `tf.upperBound` of float32. To be called once, after tfjs-node is loaded. */
export function registerNativeKernels(): void {
  tf.registerKernel({
    kernelName: tf.SearchSorted,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { sortedSequence, values } = inputs as Record<'sortedSequence' | 'values', tf.TensorInfo>;
      const { side } = attrs as unknown as tf.SearchSortedAttrs;
      const node = backend as unknown as NodeBackend;
      const { TF_ATTR_TYPE: type, TF_FLOAT, TF_INT32 } = node.binding;
      const attributes = [
        { name: 'T', type, value: TF_FLOAT },
        { name: 'out_type', type, value: TF_INT32 },
      ];
      return node.executeSingleOutput(side === 'left' ? 'LowerBound' : 'UpperBound', attributes, [
        sortedSequence,
        values,
      ]);
    },
  });
}
