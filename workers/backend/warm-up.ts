/** Makes the native library know every attribute name that an op may have, before the next thread loads it. */

import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from './backend.ts';

/**
 * All that kernels of tfjs-node and our own ops name. The library keeps the names in one set for the whole process, which
 * grows with the first use of each and has no lock: two threads must never meet a new one at the same time.
 */
const ATTRIBUTE_NAMES =
  '_kernel DstT Index N SrcT T TI T_threshold Taxis Tblock_shape Tcomplex Tcrops Tidx Tindices Tlen Tmultiples Tnumsegments Tout Tpaddings Tparams Tperm ' +
  'Tseed Tshape Truncate acceptable_fraction adj_x adj_y align_corners alpha axis batch_dims begin_mask beta bias ' +
  'block_size channels chroma_downsampling compression container data_format dct_method density_unit depth_radius ' +
  'dilations dtype ellipsis_mask end_mask epsilon equation exclusive explicit_paddings extrapolation_value ' +
  'fancy_upscaling format half_pixel_centers index_type is_training keep_dims ksize method mode new_axis_mask num ' +
  'num_split optimize_size out_idx out_type output_dtype output_type pad_to_max_output_size padding pattern progressive quality rates ratio replace_global reverse ' +
  'rewrite seed seed2 shared_name shrink_axis_mask sorted strides transpose_a transpose_b try_recover_truncated type ' +
  'use_cudnn_on_gpu validate_indices x_density xmp_metadata y_density';

interface NativeBackend {
  readonly binding: { readonly TF_ATTR_BOOL: number };
  executeSingleOutput(op: string, attributes: readonly object[], inputs: readonly tf.Tensor[]): tf.Tensor;
}

export function warmUp({ name: backendName }: Backend): void {
  if (backendName !== 'native') return;
  const backend = tf.backend() as unknown as NativeBackend;
  const type = backend.binding.TF_ATTR_BOOL;
  for (const name of ATTRIBUTE_NAMES.split(' ')) {
    try {
      // An op that must have inputs, and has none: TensorFlow looks no further, and writes nothing into the log.
      backend.executeSingleOutput('AddN', [{ name, type, value: true }], []);
    } catch {
      // But the name is known now.
    }
  }
}
