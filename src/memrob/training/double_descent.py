"""Double descent: test error against the number of parameters, through the threshold n K.

After Belkin, Hsu, Ma and Mandal (PNAS 2019) for random features and networks of one hidden layer,
and Nakkiran et al. (ICLR 2020) for label noise. Training errors are those on the labels that were
trained on, noise included; test labels have no noise. The loss is the mean over the points of
|outputs - one-hot label|^2, for which outputs that are all 0 have loss 1.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import torch

from memrob.errors import UserError
from memrob.training.gradients import evaluate
from memrob.training.labels import noisy_labels, one_hot
from memrob.training.random_features import (
    random_relu_features,
    readouts,
    sample_directions,
)
from memrob.training.samples import Samples
from memrob.training.settings import Settings, n_parameters
from memrob.training.stack import Stack, initial_stack, widened, with_constant
from memrob.training.streams import stream
from memrob.training.trainer import Trained, train

NEW_UNITS_DEVIATION = 0.1
"""Of the weights of new units where others are reused: variance 0.01, as in Belkin et al."""


def random_feature_rows(
    samples: Samples,
    n_features: Sequence[int],
    label_noise: Sequence[float],
    seeds: Sequence[int],
) -> Iterator[dict]:
    """Readouts of random features with least norm, as rows of a table.

    Parameters
    ----------
    samples : Samples
        Points; their norm decides the scale of the readout's norm alone.
    n_features : sequence of int
        Numbers p of features.
    label_noise : sequence of float
        Shares of training labels that are replaced; they share features and decompositions.
    seeds : sequence of int
        Of directions and noise. The features of one seed are nested.

    Yields
    ------
    dict
        Keys `n_samples`, `label_noise`, `n_features`, `restart`, `seed`, `train_error`,
        `test_error`, `train_loss`, `test_loss` and `norm`, the Frobenius norm of the readout of
        phi(x) = relu(Vx) / sqrt(p), which with this factor tends to a limit for p to infinity.

    Raises
    ------
    UserError
        For a number of features below 1.
    """
    if min(n_features) < 1:
        raise UserError(f"n_features: is {min(n_features)}; it must be at least 1")
    for restart, seed in enumerate(seeds):
        rng = stream(seed, "directions")
        directions = sample_directions(rng, max(n_features), samples.input_dim)
        train_features = random_relu_features(samples.X, directions)
        test_features = random_relu_features(samples.X_test, directions)
        labels = np.stack([_labels(samples, share, seed) for share in label_noise])
        targets = np.stack([one_hot(y, samples.n_classes) for y in labels])
        test_targets = one_hot(samples.y_test, samples.n_classes)
        for p in n_features:
            scale = np.float32(1 / np.sqrt(p))
            phi, phi_test = train_features[:, :p] * scale, test_features[:, :p] * scale
            found = readouts(phi, targets)
            outputs, test_outputs = found.outputs(phi), found.outputs(phi_test)
            for k, share in enumerate(label_noise):
                yield {
                    "n_samples": samples.n_samples,
                    "label_noise": share,
                    "n_features": p,
                    "restart": restart,
                    "seed": seed,
                    "train_error": _error(outputs[k], labels[k]),
                    "test_error": _error(test_outputs[k], samples.y_test),
                    "train_loss": _squared_loss(outputs[k], targets[k]),
                    "test_loss": _squared_loss(test_outputs[k], test_targets),
                    "norm": found.norms[k],
                }


def network_rows(
    samples: Samples,
    widths: Sequence[int],
    label_noise: Sequence[float],
    seeds: Sequence[int],
    settings: Settings,
    *,
    reuse: bool = False,
    device: str = "cpu",
    folder: str | os.PathLike | None = None,
    save_every: int = 0,
) -> list[dict]:
    """Trained d-H-K networks as rows of a table.

    Parameters
    ----------
    samples : Samples
        Points.
    widths : sequence of int
        Numbers H of hidden units.
    label_noise : sequence of float
        Shares of training labels that are replaced.
    seeds : sequence of int
        Of initial weights and noise; networks that differ in the share of noise alone start from
        the same weights. The order of the points is that of the first seed for all.
    settings : Settings
        Of the training; `loss` is "squared" in the papers.
    reuse : bool
        Whether a network starts from the trained weights of the next narrower one, see the notes.
    device, folder, save_every
        As for `train`.

    Returns
    -------
    list of dict
        Keys `n_samples`, `label_noise`, `reuse`, `width`, `n_parameters`, `restart`, `seed`,
        `epochs`, `train_error`, `test_error`, `train_loss`, `test_loss` and `seconds`, the time of
        a stack divided by the number of its networks. Losses are squared whatever the training's.

    Notes
    -----
    Without reuse, all networks are trained from `initial_stack`, in two stacks, those with fewer
    than n K parameters and the others. With it, the former are trained in ascending order: each
    starts from the trained weights of the next narrower one, and the weights of its new units, W_0,
    b_0 and W_1, are drawn from N(0, 0.01). The narrowest, and all with at least n K parameters,
    start from `initial_stack`, as in Belkin et al.; given a `folder`, the latter are trained once
    for both.
    """
    cells = list(product(label_noise, enumerate(seeds)))
    labels = np.stack([_labels(samples, share, seed) for share, (_, seed) in cells])
    own = {
        "settings": settings,
        # Of the order of the points, which a stack shares.
        "seed": seeds[0],
        "device": device,
        "folder": folder,
        "save_every": save_every,
    }
    ascending = sorted(set(widths))
    rows = []
    for group, trained in _trainings(samples, ascending, labels, cells, reuse, own):
        rows += _rows(samples, group, cells, labels, trained, reuse)
    return rows


def _trainings(
    samples: Samples, widths: list[int], labels: np.ndarray, cells: list, reuse: bool, own: dict
) -> Iterator[tuple[list[int], Trained]]:
    """Trained stacks, each with its widths; all cells of the first width come first."""
    seeds = [seed for _, (_, seed) in cells]
    limit = samples.n_samples * samples.n_classes
    below = [w for w in widths if n_parameters(w, samples.input_dim, samples.n_classes) < limit]
    above = [w for w in widths if w not in below]
    # Those above are the same with and without reuse: apart, they are trained once and loaded then.
    narrower = None
    for together in ([[width] for width in below] if reuse else [below]) + [above]:
        if not together:
            continue
        if reuse and narrower is not None and together is not above:
            stack = widened(narrower.stack, together[0], seeds, NEW_UNITS_DEVIATION)
        else:
            stack = _fresh(samples, together, seeds)
        narrower = _train(samples, stack, np.tile(labels, (len(together), 1)), own)
        yield together, narrower


def _fresh(samples: Samples, widths: list[int], seeds: list[int]) -> Stack:
    return initial_stack(
        [width for width in widths for _ in seeds],
        [seed for _ in widths for seed in seeds],
        samples.input_dim,
        samples.n_classes,
    )


def _train(samples: Samples, stack: Stack, labels: np.ndarray, own: dict) -> Trained:
    return train(stack, samples.X, labels, **own)


def _rows(
    samples: Samples,
    widths: list[int],
    cells: list,
    labels: np.ndarray,
    trained: Trained,
    reuse: bool,
) -> Iterator[dict]:
    stack = trained.stack
    train_labels = np.tile(labels, (len(widths), 1))
    test_labels = np.broadcast_to(samples.y_test, (stack.n_models, len(samples.y_test)))
    errors, losses = _evaluated(stack, samples.X, train_labels)
    test_errors, test_losses = _evaluated(stack, samples.X_test, test_labels)
    for i, (width, (share, (restart, seed))) in enumerate(product(widths, cells)):
        yield {
            "n_samples": samples.n_samples,
            "label_noise": share,
            "reuse": int(reuse),
            "width": width,
            "n_parameters": n_parameters(width, samples.input_dim, samples.n_classes),
            "restart": restart,
            "seed": seed,
            "epochs": int(trained.epochs[i]),
            "train_error": errors[i],
            "test_error": test_errors[i],
            "train_loss": losses[i],
            "test_loss": test_losses[i],
            "seconds": round(trained.seconds / stack.n_models, 6),
        }


def _evaluated(stack: Stack, X: np.ndarray, labels: np.ndarray) -> tuple[list, list]:
    """Shares of wrong points and squared losses, a float a network; NaN without points."""
    if not len(X):
        return [float("nan")] * stack.n_models, [float("nan")] * stack.n_models
    wrong, losses = evaluate(stack, with_constant(X), torch.as_tensor(labels.copy()), "squared")
    return (wrong.numpy() / len(X)).tolist(), losses.tolist()


def _labels(samples: Samples, share: float, seed: int) -> np.ndarray:
    return noisy_labels(samples.y, share, samples.n_classes, stream(seed, "labels"))


def _error(outputs: np.ndarray, labels: np.ndarray) -> float:
    return float((outputs.argmax(1) != labels).mean()) if len(labels) else float("nan")


def _squared_loss(outputs: np.ndarray, targets: np.ndarray) -> float:
    return float(np.square(outputs - targets).sum(1).mean()) if len(targets) else float("nan")
