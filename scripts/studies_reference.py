"""An independent NumPy run of those rows of the studies of which no range is known: test accuracy, mean [min, max] over seeds.

    python3 scripts/studies_reference.py [batch-size | learning-rate | loss-two-classes | capacity]...

Relu units (He uniform), a softmax or a single output (Glorot uniform), SGD, rows shuffled every epoch; float32.
Needs NumPy and scikit-learn.
"""

import sys

import numpy as np
from sklearn.datasets import make_blobs, make_circles

SEEDS = 30
# With a tanh output one run in a hundred never leaves chance.
SEEDS_OF_LOSSES = 200
TRAIN = 500


def softmax_crossentropy(z, target):
    exponentials = np.exp(z - z.max(-1, keepdims=True))
    return exponentials / exponentials.sum(-1, keepdims=True) - target


def binary_crossentropy(z, target):
    return 1 / (1 + np.exp(-z)) - target


def hinge_of_tanh(z, target):
    sign, y = 2 * target - 1, np.tanh(z)
    return np.where(sign * y < 1, -sign, 0) * (1 - y * y)


def accuracies(data, hidden, loss_gradient, epochs=200, learning_rate=0.01, momentum=0.9, batch=32, seeds=SEEDS):
    """Test accuracy per seed after the last epoch; all seeds train side by side."""
    x_all, labels = data[0].astype(np.float32), data[1]
    classes = labels.max() + 1
    targets = (labels[:, None] if classes == 2 else np.eye(classes)[labels]).astype(np.float32)
    rng = np.random.default_rng(5)
    sizes = [x_all.shape[1], *hidden, targets.shape[1]]
    kernels, biases = [], []
    for layer, (inputs, units) in enumerate(zip(sizes, sizes[1:])):
        limit = np.sqrt(6 / (inputs if layer < len(hidden) else inputs + units))
        kernels.append(rng.uniform(-limit, limit, (seeds, inputs, units)).astype(np.float32))
        biases.append(np.zeros((seeds, 1, units), np.float32))
    weights = kernels + biases
    velocity = [np.zeros_like(w) for w in weights]
    layers = len(kernels)

    def forward(x):
        values = [x]
        for layer in range(layers):
            z = values[-1] @ weights[layer] + weights[layers + layer]
            values.append(np.maximum(z, 0) if layer < layers - 1 else z)
        return values

    for _ in range(epochs):
        order = np.stack([rng.permutation(TRAIN) for _ in range(seeds)])
        for start in range(0, TRAIN, batch):
            rows = order[:, start : start + batch]
            values = forward(x_all[rows])
            dz = loss_gradient(values.pop(), targets[rows]) / np.float32(rows.shape[1])
            gradients = [None] * len(weights)
            for layer in reversed(range(layers)):
                h = values.pop()
                gradients[layer] = h.transpose(0, 2, 1) @ dz
                gradients[layers + layer] = dz.sum(1, keepdims=True)
                dz = (dz @ weights[layer].transpose(0, 2, 1)) * (h > 0)
            for i, gradient in enumerate(gradients):
                velocity[i] = momentum * velocity[i] - np.float32(learning_rate) * gradient
                weights[i] = weights[i] + velocity[i]
    z = forward(x_all[None, TRAIN:])[-1]
    predicted = z[..., 0] > 0 if classes == 2 else z.argmax(-1)
    return (predicted == labels[TRAIN:]).mean(1)


def rows_of(study):
    """What each row is called, and the accuracies."""
    if study in ("batch-size", "learning-rate"):
        blobs = make_blobs(1000, n_features=2, centers=3, cluster_std=2, random_state=2)
        settings = {"batch-size": ((1, 0.01, 0.9), (1, 0.001, 0.9)), "learning-rate": ((32, 0.0001, 0),)}
        for batch, learning_rate, momentum in settings[study]:
            options = dict(batch=batch, learning_rate=learning_rate, momentum=momentum)
            yield str(options), accuracies(blobs, [50], softmax_crossentropy, **options)
    elif study == "loss-two-classes":
        circles = make_circles(1000, noise=0.1, random_state=1)
        for loss in (binary_crossentropy, hinge_of_tanh):
            yield loss.__name__, accuracies(circles, [50], loss, seeds=SEEDS_OF_LOSSES)
    else:
        blobs = make_blobs(1000, n_features=100, centers=20, cluster_std=2, random_state=2)
        for nodes in range(1, 8):
            yield f"{nodes} nodes", accuracies(blobs, [nodes], softmax_crossentropy, epochs=100)


if __name__ == "__main__":
    studies = ("batch-size", "learning-rate", "loss-two-classes", "capacity")
    for name in sys.argv[1:] or studies:
        if name not in studies:
            sys.exit(f"{name} must be one of {', '.join(studies)}")
        for what, found in rows_of(name):
            print(f"{name}, {what}: {found.mean():.4f} [{found.min():.3f}, {found.max():.3f}]", flush=True)
