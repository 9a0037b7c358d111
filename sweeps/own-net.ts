/** A residual network: each block adds to its input what a layer with dropout makes of it. */

import type { ModelModule } from 'nightsweep';

interface Params {
  readonly blocks: number;
  readonly units: number;
  readonly rate: number;
}

const net: ModelModule<Params> = (tf, { blocks, units, rate }) => {
  const input = tf.input({ shape: [13] });
  let h = tf.layers.dense({ units, activation: 'relu', kernelInitializer: 'heUniform' }).apply(input);
  for (let block = 0; block < blocks; block += 1) {
    const inner = tf.layers.dense({ units, activation: 'relu', kernelInitializer: 'heUniform' }).apply(h);
    const dropped = tf.layers.dropout({ rate }).apply(inner);
    h = tf.layers.add().apply([h, dropped] as never);
  }
  const output = tf.layers.dense({ units: 3, activation: 'softmax' }).apply(h);
  return tf.model({ inputs: input, outputs: output as never });
};

export default net;
