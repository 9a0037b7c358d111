/** An autoencoder of points on a helix in eight dimensions, trained to restore them from a noisy copy. */

import type { TrialModule } from 'nightsweep';

interface Params {
  /** Width of the narrowest layer. */
  readonly code: number;
  /** Standard deviation of the noise on the input. */
  readonly noise: number;
  readonly epochs: number;
}

const POINTS = 200;
const WIDTH = 8;

const trial: TrialModule<Params> = async ({ tf, params: { code, noise, epochs }, seed, report }) => {
  const turns = Array.from({ length: POINTS }, (_, i) => (6 * Math.PI * i) / POINTS);
  const helix = tf.tensor2d(turns.map((t) => [Math.cos(t), Math.sin(t), t / 9 - 1]));
  const points = tf.matMul(helix, tf.randomNormal([3, WIDTH], 0, 0.6, 'float32', 1)) as ReturnType<typeof tf.tensor2d>;

  // Whatever is random must come from the seed: then the same trial has the same numbers tonight and next year.
  const dense = (units: number, at: number, activation?: 'tanh') =>
    tf.layers.dense({
      units,
      ...(activation ? { activation } : {}),
      ...(at === 0 ? { inputShape: [WIDTH] } : {}),
      kernelInitializer: tf.initializers.glorotUniform({ seed: seed + at }),
    });
  const layers = [dense(16, 0, 'tanh'), dense(code, 1), dense(16, 2, 'tanh'), dense(WIDTH, 3)];
  const model = tf.sequential({ layers });
  const optimizer = tf.train.adam(0.01);
  const errorOf = (input: typeof points) =>
    tf.losses.meanSquaredError(points, model.apply(input) as typeof points) as ReturnType<typeof tf.scalar>;

  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    for (let step = 0; step < 5; step += 1) {
      optimizer.minimize(() => {
        const shake = tf.randomNormal([POINTS, WIDTH], 0, 1, 'float32', seed + epoch * 5 + step);
        return errorOf(tf.add(points, tf.mul(shake, noise)));
      });
    }
    const [error] = tf.tidy(() => errorOf(points)).dataSync();
    if ((await report({ reconstruction_error: error! })) === 'stop') return;
  }
};

export default trial;
