/** Puts kernels of our own into the registry of TensorFlow.js. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';

export interface KernelCall<Inputs extends string, Attributes> {
  readonly inputs: Readonly<Record<Inputs, Tensor>>;
  readonly attrs: Attributes;
  /** What the backend's own kernel makes of inputs and attributes. */
  readonly own: (inputs: Readonly<Record<Inputs, Tensor>>, attrs: Attributes) => Tensor;
}

/** From now on the backend runs `compute` where it ran its own kernel, if it had one. */
export function replaceKernel<Inputs extends string, Attributes>(
  kernelName: string,
  backendName: string,
  compute: (call: KernelCall<Inputs, Attributes>) => Tensor,
): void {
  // Its type leaves out that there may be none.
  const own = tf.getKernel(kernelName, backendName) as tf.KernelConfig | undefined;
  if (own) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    ...own,
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) =>
      tf.tidy(() =>
        compute({
          inputs: inputs as Record<Inputs, Tensor>,
          attrs: attrs as Attributes,
          own: (otherInputs, otherAttributes) => {
            const made = own!.kernelFunc({
              inputs: otherInputs,
              attrs: otherAttributes as tf.NamedAttrMap,
              backend,
            }) as TensorInfo;
            return tf.engine().makeTensorFromTensorInfo(made);
          },
        }),
      ),
  });
}
