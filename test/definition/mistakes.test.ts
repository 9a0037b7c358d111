/** Every kind of mistake in a definition, as the user sees it. */

import { expect, test } from 'vitest';
import { definition, mistakesIn } from './reading.ts';

/** The form of a mistake, the sections that replace those of a sound definition, and the lines that must come out. */
const cases: readonly (readonly [what: string, sections: Record<string, string>, lines: readonly string[]])[] = [
  ['nothing is wrong', {}, []],
  ['an unknown key at the top', { replicats: '3' }, ['a.yaml:5:1 replicats: unknown key (did you mean replicates?)']],
  [
    'a key that Keras has',
    { train: '{ loss: binary_crossentropy, optimizer: { name: adam, lr: 0.1 }, epochs: 10, clipnorm: 1 }' },
    [
      'a.yaml:4:62 train.optimizer.lr: unknown key (write learning_rate inside the optimizer)',
      "a.yaml:4:85 train.clipnorm: unknown key (write clip: { variable_norm: ... } in train: a norm per variable, as in today's Keras; global_norm for all together)",
    ],
  ],
  [
    'a value of the wrong type, one out of bounds, one that is no kind',
    { train: '{ loss: mean_squared_error, optimizer: adm, batch_size: ful, epochs: 0 }' },
    [
      'a.yaml:4:16 train.loss: must be one of mse, binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy, mae, msle, huber, hinge, squared_hinge, kl_divergence, poisson or a map, but found "mean_squared_error" (here it is called mse)',
      'a.yaml:4:47 train.optimizer: must be one of sgd, adam, adamw, adamax, nadam, rmsprop, adagrad or a map, but found "adm" (did you mean adam?)',
      'a.yaml:4:64 train.batch_size: must be a number or full, but found "ful" (did you mean full?)',
      'a.yaml:4:77 train.epochs: must be >= 1, but found 0',
    ],
  ],
  [
    'a missing section',
    { train: '{ optimizer: adam, epochs: 10 }' },
    [
      'a.yaml:4:8 train.loss: must be given: one of mse, binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy, mae, msle, huber, hinge, squared_hinge, kl_divergence, poisson or a map',
    ],
  ],
  [
    'a reference to nothing',
    {
      model: '{ layers: [{ units: $widht, activation: relu }, { units: 1, activation: sigmoid }] }',
      search: '{ width: { values: [1, 2] } }',
    },
    [
      'a.yaml:3:28 model.layers.0.units: must be a searched parameter, but $widht is not in search (did you mean width?)',
      'a.yaml:5:11 search.width: must have an effect, but no $width stands anywhere (write $width where its value belongs, or remove it from search)',
    ],
  ],
  [
    'an expression',
    { model: '{ layers: [{ units: $a*2, activation: relu }, { units: 1, activation: sigmoid }] }' },
    [
      'a.yaml:3:28 model.layers.0.units: must have the form $name or $name.key, but found "$a*2" (there are no expressions: write the file in TypeScript; $$ stands for a plain $)',
    ],
  ],
  [
    'a reference where none may stand',
    { objective: '$metric' },
    [
      'a.yaml:5:12 objective: must be a plain value, but found "$metric" (references may stand in data, model, train and trial)',
    ],
  ],
  [
    'choices that refer to each other in a circle',
    {
      train: '{ loss: binary_crossentropy, optimizer: $a, epochs: 10 }',
      search: '{ a: { values: { x: $b, y: adam } }, b: { values: { z: $a } } }',
    },
    [
      'a.yaml:5:14 search.a: must not refer to itself, but does: $a -> $b -> $a',
      'a.yaml:5:49 search.b: must not refer to itself, but does: $b -> $a -> $b',
    ],
  ],
  [
    'a key that one choice lacks',
    {
      train: '{ loss: $head.loss, optimizer: adam, epochs: 10 }',
      search: '{ head: { values: { a: { loss: binary_crossentropy }, b: { los: mse } } } }',
    },
    ['a.yaml:4:16 train.loss: every choice of head must have the key loss, but b has not (did you mean los?)'],
  ],
  [
    'ranges the wrong way round, logarithms of 0, steps that do not fit',
    {
      model:
        '{ hidden: { l2: $a, l1: $b, dropout: $c, noise_after: $d }, layers: [{ units: 8 }, { units: 1, activation: sigmoid }] }',
      search:
        '{ a: { range: [1, 0.1], points: 3 }, b: { range: [0, 1], log: true, points: 3 }, c: { range: [0, 0.5], step: 0.2 }, d: { range: [0, 1], also: [2] } }',
    },
    [
      'a.yaml:5:23 search.a.range: low must be less than high, but found low 1, high 0.1',
      'a.yaml:5:58 search.b.range: low must be greater than 0 where log is true, but found 0 (start it above 0; also: [0] with points adds 0)',
      'a.yaml:5:118 search.c.step: must lead from 0 to 0.5 in whole steps, but found 0.2 (step: 0.166667 would)',
      'a.yaml:5:151 search.d.also: must stand beside step or points: it adds values to a list',
    ],
  ],
  [
    'a grid over a range without values',
    {
      model: '{ hidden: { l2: $l2 }, layers: [{ units: 8 }, { units: 1, activation: sigmoid }] }',
      search: '{ l2: { range: [0, 1] } }',
    },
    ['a.yaml:5:15 search.l2: a grid over a range must have step or points (or method: { name: random, configs: N })'],
  ],
  [
    'an empty space',
    { search: '{}' },
    ['a.yaml:5:9 search: must have at least one parameter, but found none (leave search out to train a single config)'],
  ],
  [
    'a space that exclude empties',
    {
      train: '{ loss: binary_crossentropy, optimizer: adam, epochs: 10, batch_size: $batch }',
      search: '{ batch: { values: [8, 16] } }',
      exclude: '[{ batch: [8, 16] }]',
    },
    ['a.yaml:5:9 search: must have at least one config, but exclude removes all of them'],
  ],
  ['no replicates', { replicates: '0' }, ['a.yaml:5:13 replicates: must be >= 1, but found 0']],
  [
    'both budgets',
    { train: '{ loss: binary_crossentropy, optimizer: adam, epochs: 10, steps: 100 }' },
    ['a.yaml:4:73 train.steps: must be left out where epochs is given: a budget is one of the two'],
  ],
  [
    'a softmax of one unit',
    { model: '{ layers: [{ units: 1, activation: softmax }] }' },
    [
      'a.yaml:3:43 model.layers.0.activation: softmax must have at least 2 units, but found 1: it would always give 1 (sigmoid is for one unit)',
    ],
  ],
  [
    'a binary loss with three outputs',
    { model: '{ layers: [{ units: 3, activation: sigmoid }] }' },
    ['a.yaml:3:28 model.layers.0.units: must be 1 in the last layer for binary_crossentropy, but found 3'],
  ],
  [
    'another number of outputs than of classes',
    {
      data: '{ generator: blobs, centers: 4 }',
      model: '{ layers: [{ units: 3, activation: softmax }] }',
      train: '{ loss: categorical_crossentropy, optimizer: adam, epochs: 10 }',
    },
    ['a.yaml:3:28 model.layers.0.units: must be the number of classes, 4, in the last layer, but found 3'],
  ],
  [
    'a test part of no rows',
    { data: '{ generator: moons, samples: 100, split: { train: 100, test: rest } }' },
    ['a.yaml:2:68 data.split.test: must be at least one row, found none left of 100 rows'],
  ],
  [
    'fractions beyond the whole',
    { data: '{ file: a.csv, target: y, split: { train: 0.8, test: 0.3 } }' },
    ['a.yaml:2:40 data.split: fractions must add up to at most 1, but found 1.1'],
  ],
  [
    'a goal that is not the one of its metric',
    { objective: '{ metric: test_loss, goal: maximize }' },
    [
      'a.yaml:5:39 objective.goal: must be minimize for test_loss, but found maximize (leave it out: a built-in metric has its own)',
    ],
  ],
  [
    'an objective of a part that is not there',
    { objective: 'validation_accuracy' },
    [
      'a.yaml:5:12 objective: must be of a part that the split has, train or test, but found validation_accuracy (give split a part validation, or use test_accuracy)',
    ],
  ],
  [
    'accuracy of a loss for numbers',
    {
      data: '{ generator: regression }',
      model: '{ layers: [{ units: 1 }] }',
      train: '{ loss: mse, optimizer: sgd, epochs: 10 }',
      objective: 'test_accuracy',
    },
    [
      'a.yaml:5:12 objective: must be a metric that the loss mse allows, loss, data_loss, mae, mse, rmse or r2, but found test_accuracy',
    ],
  ],
  [
    "Keras' names of metrics",
    {
      data: '{ generator: moons, split: { train: 30, validation: 30, test: 40 } }',
      train: '{ loss: binary_crossentropy, optimizer: adam, epochs: 10, early_stopping: { monitor: val_loss } }',
      objective: 'val_acc',
    },
    [
      'a.yaml:4:93 train.early_stopping.monitor: must be a metric, but found "val_loss" (here it is called validation_loss)',
      'a.yaml:5:12 objective: must be a metric, but found "val_acc" (here it is called validation_accuracy)',
    ],
  ],
  [
    'ranking by a loss while the loss is searched',
    {
      data: '{ generator: moons }',
      model: '{ layers: [{ units: $head.units, activation: $head.activation }] }',
      train: '{ loss: $head.loss, optimizer: adam, epochs: 10 }',
      search:
        '{ head: { values: { a: { loss: binary_crossentropy, units: 1, activation: sigmoid }, b: { loss: categorical_crossentropy, units: 2, activation: softmax } } } }',
      objective: 'test_data_loss',
    },
    [
      'a.yaml:6:12 objective: must not be test_data_loss, since the loss is searched: values of two losses cannot be compared (rank by accuracy, mae or the like)',
    ],
  ],
  [
    'names that SQL has already',
    {
      name: 'leaderboard',
      train: '{ loss: binary_crossentropy, optimizer: adam, epochs: 10, batch_size: $Config }',
      search: '{ Config: { values: [8, 16] } }',
    },
    [
      'a.yaml:1:7 name: must not be leaderboard: that is a view or table of the database (leaderboard-1, say)',
      "a.yaml:5:11 search.Config: must not be called Config: that is a column of the sweep's view (call it my_config, say)",
    ],
  ],
  [
    'a value that comes through a reference, at the place where it is written',
    {
      model: '{ layers: [{ units: 8, activation: $act }, { units: 1, activation: sigmoid }] }',
      search: '{ act: { values: [relu, tahn] } }',
    },
    [
      'a.yaml:5:33 search.act.values.1: must be one of linear, relu, tanh, sigmoid, softmax, elu, selu, leaky_relu, softplus, softsign or a map, but found "tahn" (did you mean tanh?)',
    ],
  ],
  [
    'a condition that never holds',
    {
      train: '{ loss: binary_crossentropy, optimizer: $opt, batch_size: $batch, epochs: 10 }',
      search: '{ opt: { values: [adam, sgd] }, batch: { values: [8, 16], when: { opt: rmsprop } } }',
    },
    ['a.yaml:5:80 search.batch.when.opt: must be a value of opt, but found "rmsprop"'],
  ],
  [
    'points that lack a parameter, or name one without effect',
    {
      train: '{ loss: binary_crossentropy, optimizer: $opt, epochs: 10 }',
      search: '{ opt: { values: { a: adam, s: { name: sgd, momentum: $m } } }, m: { values: [0, 0.9] } }',
      include: '[{ opt: s }, { opt: a, m: 0.9 }, { opt: sgd }]',
    },
    [
      'a.yaml:6:11 include.0: must name every parameter that it reaches, but m is missing',
      'a.yaml:6:33 include.1.m: m has no effect in this config: leave it out',
      'a.yaml:6:50 include.2.opt: must be the name of a choice of opt: a or s, but found "sgd"',
    ],
  ],
  [
    'values in another form than theirs',
    {
      data: '{ generator: moons, split: 0.7, transform: standard }',
      train: '{ loss: binary_crossentropy, optimizer: adam, epochs: "100", clip: 1, early_stopping: { patience: 5 } }',
      method: 'random',
    },
    [
      'a.yaml:2:34 data.split: must be a map, but found 0.7 (such as split: { train: 0.7, test: rest })',
      'a.yaml:2:50 data.transform: must be a map, but found "standard" (such as transform: { features: standardize })',
      'a.yaml:4:62 train.epochs: must be a number, but found "100" (a number has no quotes: 100)',
      'a.yaml:4:75 train.clip: must be none or a map, but found 1 (such as clip: { global_norm: 1 }, or { value: 5 })',
      'a.yaml:4:94 train.early_stopping.monitor: must be given: text (such as monitor: validation_loss)',
      'a.yaml:5:9 method: must be one of grid, list or a map, but found "random" (write method: { name: random, configs: 20 })',
    ],
  ],
  [
    'values without their list, and without their map',
    {
      model: '{ layers: [{ units: $a, l2: $b }, { units: 1, activation: sigmoid }] }',
      search: '{ a: { values: 8 }, b: [0, .inf] }',
    },
    [
      'a.yaml:5:24 search.a.values: must be a list or a map, but found 8 (write values: [8])',
      'a.yaml:5:32 search.b: must be a map, but found [0,null] (write b: { values: [...] })',
    ],
  ],
  [
    'a reference without its dollar',
    {
      model: '{ hidden: { l2: l2 }, layers: [{ units: 8 }, { units: 1, activation: sigmoid }] }',
      search: '{ l2: { values: [0, .inf] } }',
    },
    [
      'a.yaml:3:24 model.hidden.l2: must be a number or none, but found "l2" (write $l2 for its values)',
      'a.yaml:5:11 search.l2: must have an effect, but no $l2 stands anywhere (write $l2 where its value belongs, or remove it from search)',
      'a.yaml:5:29 search.l2.values.1: must be a finite number, but found Infinity',
    ],
  ],
  [
    'a section that is indented, two kinds of data, a colon without its blank',
    { data: '{ generator: moons, file: x.csv, train: { loss: mse }, samples:5 }' },
    [
      'a.yaml:2:27 data.file: unknown key (data come from a generator or from a file: write one of the two)',
      'a.yaml:2:40 data.train: unknown key (train stands at the top: write it without indentation)',
      'a.yaml:2:62 data.samples:5: unknown key (put a blank after the colon: samples: 5)',
    ],
  ],
  [
    'an unknown key with a reference, which is wrong where it stands and not where its values stand',
    {
      model: '{ hidden: { kernel_regularizer: $l2 }, layers: [{ units: 8 }, { units: 1, activation: sigmoid }] }',
      search: '{ l2: { values: [0, 0.1] } }',
    },
    ['a.yaml:3:20 model.hidden.kernel_regularizer: unknown key (write l1, l2 or l2_over_2m)'],
  ],
  [
    'a layer that lacks something, which is no reason to ask for a module',
    {
      model: '{ hidden: { l2: 0 }, layers: [{ type: conv2d, filters: 5 }, { units: 1, activation: sigmoid }] }',
    },
    ['a.yaml:3:38 model.layers.0.kernel_size: must be given: a number or a list'],
  ],
  [
    'several values where one belongs',
    {
      model: '{ layers: [{ units: [4, 8] }, { units: 1, activation: sigmoid }] }',
      train: '{ loss: binary_crossentropy, optimizer: adam, epochs: [10, 20] }',
    },
    [
      'a.yaml:3:28 model.layers.0.units: must be a number, but found [4,8] (to search it, write $units here, and units: { values: [4, 8] } under search)',
      'a.yaml:4:62 train.epochs: must be a number, but found [10,20] (to search it, write $my_epochs here, and my_epochs: { values: [10, 20] } under search)',
    ],
  ],
  [
    'numbers as people write them, and a name that is one',
    { name: '5', data: '{ generator: moons, noise: 0,2, split: { train: 70%, test: rest } }', objective: 'accuracy' },
    [
      'a.yaml:1:7 name: must be text, but found 5 (text that looks like a number has quotes: "5")',
      'a.yaml:2:36 data.2: unknown key (a number has a decimal point: a comma begins the next key)',
      'a.yaml:2:55 data.split.train: must be a number or rest, but found "70%" (write 0.7)',
      'a.yaml:5:12 objective: must be a metric, but found "accuracy" (name its part, too, such as validation_accuracy)',
    ],
  ],
  [
    'a section whose name is misspelt, which is one mistake',
    {
      search: '{ l2: { values: [0, 0.1] } }',
      model: '{ layers: [{ units: 1, activation: sigmoid }] }',
      modle: '{ hidden: { l2: $l2 } }',
    },
    ['a.yaml:6:1 modle: unknown key (did you mean model?)'],
  ],
  [
    'more trials than can be',
    { replicates: '1e9' },
    ['a.yaml:5:13 replicates: must make at most 1000000 trials, but found 1 configs x 1000000000 replicates'],
  ],
  [
    'what is not yet there',
    { method: '{ name: tpe, configs: 5 }', pruning: '{ name: median }' },
    [
      'a.yaml:5:9 method: tpe is not yet there (a later version brings it)',
      'a.yaml:6:10 pruning: pruning is not yet there (a later version brings it)',
    ],
  ],
  [
    'a parameter that no sample can reach',
    {
      model: '{ layers: [{ units: $width, repeat: $depth }, { units: 1, activation: sigmoid }] }',
      search: '{ depth: { values: [0] }, width: { range: [4, 64], integer: true } }',
      method: '{ name: random, configs: 3 }',
    },
    [
      'a.yaml:5:35 search.width: must have an effect, but no config reaches it (write $width where its value belongs, or remove it from search)',
    ],
  ],
  [
    'fractions that leave nothing, said once',
    { data: '{ generator: moons, split: { train: 0.7, validation: 0.3, test: rest } }' },
    ['a.yaml:2:71 data.split.test: must be at least one row, but the fractions leave none'],
  ],
  [
    'fractions of more than there is, said once',
    { data: '{ generator: moons, split: { train: 0.7, test: 0.4 } }' },
    ['a.yaml:2:34 data.split: fractions must add up to at most 1, but found 1.1'],
  ],
  [
    'more rows and layers than any memory holds',
    {
      data: '{ generator: moons, samples: 1000000000 }',
      model: '{ layers: [{ units: 8, repeat: $depth }, { units: 1, activation: sigmoid }] }',
      search: '{ depth: { values: [1, 1000000000] } }',
    },
    [
      'a.yaml:2:36 data.samples: samples x features must be at most 268435456, but found 1000000000 x 2',
      'a.yaml:5:32 search.depth.values.1: must be <= 1000, but found 1000000000',
    ],
  ],
  [
    'a value for hidden that is no map',
    {
      model: '{ hidden: $style, layers: [{ units: 8 }, { units: 1, activation: sigmoid }] }',
      search: '{ style: { values: [relu] } }',
    },
    ['a.yaml:5:29 search.style.values.0: must be a map, but found "relu"'],
  ],
  [
    'configs that no default objective could rank',
    {
      train: '{ loss: $loss, optimizer: adam, epochs: 10 }',
      search: '{ loss: { values: [mse, binary_crossentropy] } }',
    },
    [
      'a.yaml:1:1 objective: must be given, a metric that every config has, since what they would be ranked by differs: test_mse and test_accuracy',
    ],
  ],
  [
    'replicates that are to vary what is the same in each',
    {
      data: '{ file: a.csv, target: y, split: { train: 30, test: 70, shuffle: false } }',
      replicates: '{ count: 5, vary: [training, split, data] }',
    },
    [
      'a.yaml:5:42 replicates.vary.1: must be what replicates can change, but found split: rows that are not shuffled are the same in each (leave it out)',
      'a.yaml:5:49 replicates.vary.2: must be what replicates can change, but found data: a file is the same in each (leave it out)',
    ],
  ],
  [
    'a seed of the split that is no word of 32 bits',
    { data: '{ generator: moons, split: { train: 30, test: 70, seed: 4294967296 } }' },
    ['a.yaml:2:63 data.split.seed: must be <= 4294967295, but found 4294967296'],
  ],
  [
    'ranges of endlessly many values, and a value that is there twice but for its last bits',
    {
      model: '{ input: { noise: $a }, layers: [{ units: 8, l1: $b, l2: $c }, { units: 1, activation: sigmoid }] }',
      search:
        '{ a: { range: [0, 1], step: 1e-9 }, b: { range: [0, 1], points: 1000000 }, c: { values: [0.3, 0.30000000000000004] } }',
    },
    [
      'a.yaml:5:37 search.a.step: must be large enough for at most 100000 values, but found 1e-9',
      'a.yaml:5:73 search.b.points: must be <= 100000, but found 1000000',
      'a.yaml:5:103 search.c.values.1: must be different values, but found 0.30000000000000004 twice',
    ],
  ],
  [
    'images without a shape, and what needs them',
    {
      data: '{ file: a.csv, target: y, augment: { flip: both } }',
      model:
        '{ layers: [{ type: max_pooling2d }, { type: conv2d, filters: 4, kernel_size: 3 }, { units: 1, activation: sigmoid }] }',
    },
    [
      'a.yaml:2:42 data.augment: must be left out, since without data.image there are no images to change (image: { height: 8, width: 8 } says what the columns are)',
      'a.yaml:3:19 model.layers.0: must have images to act on, but found max_pooling2d without data.image (say what the feature columns are: data: { image: { height: 8, width: 8, channels: 1 } })',
    ],
  ],
  [
    'an image that a dense layer finds',
    {
      data: '{ file: a.csv, target: y, image: { height: 8, width: 8 } }',
      model:
        '{ layers: [{ type: conv2d, filters: 4, kernel_size: 3, strides: 2 }, { units: 1, activation: sigmoid }] }',
    },
    [
      'a.yaml:3:77 model.layers.1: must be given a row of numbers, but dense finds an image, 3 x 3 x 4 (put { type: flatten } before it)',
    ],
  ],
  [
    'an image that is gone',
    {
      data: '{ file: a.csv, target: y, image: { height: 8, width: 8 } }',
      model: '{ layers: [{ type: flatten }, { type: global_average_pooling2d }, { units: 1, activation: sigmoid }] }',
    },
    [
      'a.yaml:3:38 model.layers.1: must stand where there still is an image, but found global_average_pooling2d after a layer that makes a row of numbers of it (move it before flatten)',
    ],
  ],
  [
    'a window that is larger than what is left of the image',
    {
      data: '{ file: a.csv, target: y, image: { height: 8, width: 6 } }',
      model:
        '{ layers: [{ type: average_pooling2d, repeat: 2 }, { type: conv2d, filters: 4, kernel_size: [1, 3], padding: same }, { type: conv2d, filters: 4, kernel_size: 2 }, { type: flatten }, { units: 1, activation: sigmoid }] }',
    },
    [
      'a.yaml:3:166 model.layers.2.kernel_size: must be at most the image that is left here, 2 x 1, but found 2 x 2 (padding: same keeps images larger)',
    ],
  ],
  [
    'a network without a dense layer at its end',
    {
      data: '{ file: a.csv, target: y, image: { height: 8, width: 8 } }',
      model: '{ layers: [{ type: conv2d, filters: 1, kernel_size: 8 }, { type: flatten }] }',
    },
    ['a.yaml:3:65 model.layers.1: must be a dense layer, the output, but found flatten'],
  ],
  [
    'what kernels and biases cannot be',
    {
      data: '{ file: a.csv, target: y, image: { height: 8, width: 8 } }',
      model:
        '{ layers: [{ type: conv2d, filters: 1, kernel_size: [2, 3], constraint: radial, initializer: identity, activation: softmax }, { type: flatten }, { units: 4, constraint: radial, bias_initializer: orthogonal }, { units: 1, activation: sigmoid, constraint: { name: min_max_norm, min_value: 2 } }] }',
    },
    [
      'a.yaml:3:80 model.layers.0.constraint: radial must have a square kernel, but found 2 x 3',
      'a.yaml:3:101 model.layers.0.initializer: must be an initializer for kernels of conv2d, but found identity, which is for matrices',
      'a.yaml:3:123 model.layers.0.activation: softmax must have at least 2 filters, but found 1: it would always give 1 (sigmoid is for one filter)',
      'a.yaml:3:177 model.layers.2.constraint: must be a constraint for dense, but found radial (radial is for the kernels of conv2d)',
      'a.yaml:3:203 model.layers.2.bias_initializer: must be an initializer for one row of numbers, but found orthogonal, which is for matrices',
      'a.yaml:3:262 model.layers.3.constraint: min_value must be at most max_value, but found 2 and 1',
    ],
  ],
  [
    'noise between the output and the loss',
    { model: '{ layers: [{ units: 1, activation: sigmoid, dropout: 0.5, noise_after: 0.1 }] }' },
    [
      'a.yaml:3:61 model.layers.0.dropout: must be none in the last layer, whose output the loss takes as it is, but found 0.5 (noise_before acts ahead of the activation)',
      'a.yaml:3:79 model.layers.0.noise_after: must be none in the last layer, whose output the loss takes as it is, but found 0.1 (noise_before acts ahead of the activation)',
    ],
  ],
  [
    'a hinge with the wrong output, and of three classes',
    {
      data: '{ generator: blobs, centers: 3 }',
      model: '{ layers: [{ units: 3, activation: sigmoid }] }',
      train: '{ loss: hinge, optimizer: adam, epochs: 10 }',
    },
    [
      'a.yaml:3:28 model.layers.0.units: must be 1 in the last layer for hinge, but found 3',
      'a.yaml:3:43 model.layers.0.activation: must be tanh or linear in the last layer for hinge, but found sigmoid',
      'a.yaml:4:16 train.loss: must be one for 3 classes, but found hinge (categorical_crossentropy)',
    ],
  ],
  [
    'what is for classes, with numbers',
    {
      data: '{ generator: regression }',
      model: '{ layers: [{ units: 1 }] }',
      train:
        '{ loss: huber, optimizer: adam, epochs: 10, label_smoothing: 0.1, class_weight: balanced, noise: { labels: 2 } }',
      metrics: '[auc]',
    },
    [
      'a.yaml:4:69 train.label_smoothing: must be none, since huber has no classes',
      'a.yaml:4:88 train.class_weight: must be none, since huber has no classes',
      'a.yaml:5:11 metrics.0: must be a metric that the loss huber allows, loss, data_loss, mae, mse, rmse or r2, but found auc',
    ],
  ],
  [
    'classes that are none, and a probability that is none',
    {
      train:
        '{ loss: binary_crossentropy, optimizer: adam, epochs: 10, class_weight: { 0: 1, one: 2 }, noise: { labels: 2 } }',
    },
    [
      'a.yaml:4:88 train.class_weight.one: must be a class, but found "one" (the classes are 0, 1)',
      'a.yaml:4:115 train.noise.labels: must be at most 1, the probability of another class, but found 2',
    ],
  ],
  [
    'a duration twice, and one that is not said',
    {
      train: '{ loss: binary_crossentropy, optimizer: { name: sgd, learning_rate: $rate }, epochs: 10 }',
      search:
        '{ rate: { values: { both: { name: exponential_decay, initial_learning_rate: 1, decay_rate: 0.5, decay_steps: 9, decay_epochs: 9 }, neither: { name: cosine_decay, initial_learning_rate: 1, warmup_steps: 5 } } } }',
    },
    [
      'a.yaml:5:135 search.rate.values.both.decay_epochs: must be left out where decay_steps is given: a duration is one of the two',
      'a.yaml:5:149 search.rate.values.neither: must have decay_steps or decay_epochs',
      'a.yaml:5:211 search.rate.values.neither.warmup_steps: must have warmup_target beside it, but found 5 alone',
    ],
  ],
  [
    'pieces that do not fit together',
    {
      train:
        '{ loss: binary_crossentropy, optimizer: { name: sgd, learning_rate: { name: piecewise_constant, boundaries: [5, 5], values: [1, 2] } }, epochs: 10 }',
    },
    [
      'a.yaml:4:116 train.optimizer.learning_rate.boundaries: must rise, but found [5,5]',
      'a.yaml:4:132 train.optimizer.learning_rate.values: must be one more than the boundaries, 3 values, but found 2 (the last one holds after the last boundary)',
    ],
  ],
  [
    'a plateau of a metric that is not there',
    {
      train:
        '{ loss: binary_crossentropy, optimizer: { name: sgd, learning_rate: { name: reduce_on_plateau, initial_learning_rate: 1, monitor: val_loss } }, epochs: 10 }',
    },
    [
      'a.yaml:4:138 train.optimizer.learning_rate.monitor: must be a metric, but found "val_loss" (here it is called validation_loss)',
    ],
  ],
  [
    'columns that mean something, more than there are',
    {
      data: '{ generator: classification, features: 5, informative: 4, redundant: 2 }',
    },
    ['a.yaml:2:46 data.features: must be at least informative + redundant, 4 + 2, but found 5'],
  ],
];

test.each(cases)('%s', (_, sections, lines) => {
  expect(mistakesIn(definition(sections))).toEqual(lines);
});

test('mistakes in different sections are all found at once', () => {
  const text = definition({
    name: 'Big',
    data: '{ generator: moons, samples: 100, split: { train: 100, test: 70 } }',
    model: '{ layers: [{ units: 8, activaton: relu }, { units: 2, activation: sigmoid }] }',
    train: '{ loss: binary_crossentropy, optimizer: adam, epochs: -1 }',
    objective: 'validation_accuracy',
  });
  expect(mistakesIn(text).map((line) => line.split(' ')[1])).toEqual([
    'name:',
    'data.split:',
    'model.layers.0.activaton:',
    'model.layers.1.units:',
    'train.epochs:',
    'objective:',
  ]);
});

test('a definition that is no map is refused', () => {
  expect(mistakesIn('- 1')).toEqual(['a.yaml:1:1 a definition must be a map, but found [1]']);
});
