/** Names from Keras, scikit-learn and elsewhere that are no keys here, and what to write instead. */

/** Keys that stand in the wrong house, wherever they are written. */
export const FOREIGN_KEYS: Readonly<Record<string, string>> = {
  lr: 'write learning_rate inside the optimizer',
  learningRate: 'write learning_rate inside the optimizer',
  learning_rate: 'it belongs inside the optimizer: optimizer: { name: adam, learning_rate: 0.001 }',
  momentum: 'it belongs inside the optimizer: optimizer: { name: sgd, momentum: 0.9 }',
  decay: 'write a schedule at learning_rate, or weight_decay inside the optimizer',
  clipnorm:
    "write clip: { variable_norm: ... } in train: a norm per variable, as in today's Keras; global_norm for all together",
  global_clipnorm: 'write clip: { global_norm: ... } in train',
  clip_norm: 'write clip: { global_norm: ... } in train, or variable_norm for a norm per variable',
  clip_value: 'write clip: { value: ... } in train',
  clipvalue: 'write clip: { value: ... } in train',
  kernel_regularizer: 'write l1, l2 or l2_over_2m',
  bias_regularizer: 'write bias_l1 or bias_l2',
  activity_regularizer: 'write activity_l1 or activity_l2',
  regularizer: 'write l1, l2 or l2_over_2m',
  lambda: 'write l2 for a * sum w^2, or l2_over_2m for (lambda / 2m) * sum w^2',
  weight_decay: 'write l2 for a penalty, or weight_decay inside the optimizer for the decoupled kind',
  kernel_constraint: 'write constraint',
  kernel_initializer: 'write initializer',
  bias_constraint: 'constraint acts on the kernel only',
  batchSize: 'write batch_size',
  batch: 'write batch_size',
  scale: 'write transform: { features: standardize }',
  scaler: 'write transform: { features: standardize }',
  scaling: 'write transform: { features: standardize }',
  normalize: 'write transform: { features: standardize }',
  standardize: 'write transform: { features: standardize }',
  neurons: 'write units',
  nodes: 'write units',
  label: 'write target',
  csv: 'write file',
  n_epochs: 'write epochs',
  restore_best_weights: 'write keep: best in train',
  validation_split: 'write data: { split: { train: ..., validation: ..., test: rest } }',
  validation_data: 'write data: { split: { train: ..., validation: ..., test: rest } }',
  val: 'write validation',
  dev: 'write validation',
  n_samples: 'write samples',
  n_features: 'write features',
  n_informative: 'write informative',
  cluster_std: 'write std',
  random_state: 'write seed',
  callbacks: 'write early_stopping in train, or a schedule at learning_rate',
  rate: 'write dropout',
  input_shape: 'the shape follows from the data',
  optimiser: 'write optimizer',
  n_trials: 'write method: { name: random, configs: ... }',
  trials: 'write method: { name: random, configs: ... }, and replicates',
  repeats: 'write replicates',
  seeds: 'write replicates: 5 for five seeds',
  min: 'write range: [low, high]',
  max: 'write range: [low, high]',
  parameters: 'write search',
  params: 'write search',
  grid: 'write method: grid',
};

/** Values that are called otherwise here. */
export const FOREIGN_VALUES: Readonly<Record<string, string>> = {
  mean_squared_error: 'mse',
  mean_absolute_error: 'mae',
  mean_squared_logarithmic_error: 'msle',
  bce: 'binary_crossentropy',
  cce: 'categorical_crossentropy',
  crossentropy: 'categorical_crossentropy',
  cross_entropy: 'categorical_crossentropy',
  log_loss: 'binary_crossentropy',
  kullback_leibler_divergence: 'kl_divergence',
  xavier: 'glorot_uniform',
  glorot: 'glorot_uniform',
  he: 'he_uniform',
  lecun: 'lecun_uniform',
  uniform: 'random_uniform',
  normal: 'random_normal',
  standard: 'standardize',
  standardise: 'standardize',
  minmax: 'min_max',
  max_norm_constraint: 'max_norm',
  identity: 'linear',
  all: 'full',
  max: 'maximize',
  min: 'minimize',
  false: 'none',
  off: 'none',
};

/** A metric by our name, where a foreign one is known: `val_acc` is `validation_accuracy`. */
export function ownMetricName(name: string): string | undefined {
  const own = name
    .replace(/^val_|^dev_|^valid_/, 'validation_')
    .replace(/^training_/, 'train_')
    .replace(/_acc$|_categorical_accuracy$|_binary_accuracy$/, '_accuracy')
    .replace(/_mean_squared_error$/, '_mse')
    .replace(/_mean_absolute_error$/, '_mae');
  return own === name ? undefined : own;
}
