"""An independent NumPy run of three rows of the studies: test accuracy, mean [min, max] over 30 seeds.

    python3 scripts/studies_reference.py test/reference/sklearn/blobs_1000_c3_f2_std2_rs2.json

Two inputs, 50 relu units (He uniform), 3 softmax outputs, cross-entropy, SGD, 200 epochs, rows shuffled every epoch.
"""

import json
import sys

import numpy as np

SEEDS = 30
EPOCHS = 200
TRAIN = 500
HIDDEN = 50


def test_accuracies(data, learning_rate, momentum, batch):
    """Accuracy per seed after the last epoch; all seeds train side by side, in float32."""
    x_all = np.array(data["X"], np.float32)
    labels = np.array(data["y"])
    one_hot = np.eye(3, dtype=np.float32)[labels]
    rng = np.random.default_rng(5)

    def uniform(limit, shape):
        return rng.uniform(-limit, limit, (SEEDS, *shape)).astype(np.float32)

    weights = [
        uniform(np.sqrt(6 / 2), (2, HIDDEN)),
        np.zeros((SEEDS, 1, HIDDEN), np.float32),
        uniform(np.sqrt(6 / (HIDDEN + 3)), (HIDDEN, 3)),
        np.zeros((SEEDS, 1, 3), np.float32),
    ]
    velocity = [np.zeros_like(w) for w in weights]
    for _ in range(EPOCHS):
        order = np.stack([rng.permutation(TRAIN) for _ in range(SEEDS)])
        for start in range(0, TRAIN, batch):
            rows = order[:, start : start + batch]
            x, target = x_all[rows], one_hot[rows]
            w1, b1, w2, b2 = weights
            hidden = np.maximum(x @ w1 + b1, 0)
            logits = hidden @ w2 + b2
            exponentials = np.exp(logits - logits.max(-1, keepdims=True))
            dz = (exponentials / exponentials.sum(-1, keepdims=True) - target) / x.shape[1]
            dh = (dz @ w2.transpose(0, 2, 1)) * (hidden > 0)
            gradients = [
                x.transpose(0, 2, 1) @ dh,
                dh.sum(1, keepdims=True),
                hidden.transpose(0, 2, 1) @ dz,
                dz.sum(1, keepdims=True),
            ]
            for i, gradient in enumerate(gradients):
                velocity[i] = momentum * velocity[i] - np.float32(learning_rate) * gradient
                weights[i] = weights[i] + velocity[i]
    w1, b1, w2, b2 = weights
    predicted = (np.maximum(x_all[TRAIN:] @ w1 + b1, 0) @ w2 + b2).argmax(-1)
    return (predicted == labels[TRAIN:]).mean(1)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        blobs = json.load(file)
    for learning_rate, momentum, batch in ((0.01, 0.9, 1), (0.001, 0.9, 1), (0.0001, 0, 32)):
        found = test_accuracies(blobs, learning_rate, momentum, batch)
        what = f"batch {batch}, learning rate {learning_rate}, momentum {momentum}"
        print(f"{what}: {found.mean():.4f} [{found.min():.3f}, {found.max():.3f}]")
