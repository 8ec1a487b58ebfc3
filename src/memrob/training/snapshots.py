"""A network at several epochs of its training."""

import os
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from memrob.training.samples import Samples
from memrob.training.settings import Settings
from memrob.training.stack import initial_stack
from memrob.training.trainer import train


def snapshots(
    samples: Samples,
    width: int,
    seed: int,
    settings: Settings,
    epochs: Sequence[int],
    *,
    device: str = "cpu",
    folder: str | os.PathLike | None = None,
    save_every: int = 0,
) -> dict[int, list[np.ndarray]]:
    """Train a network and keep what it is at some epochs.

    Parameters
    ----------
    samples : Samples
        Points.
    width : int
        Hidden units.
    seed : int
        Of the initial weights and of the order of the points.
    settings : Settings
        Of the training, which goes on to the last of `epochs`.
    epochs : sequence of int
        Epochs; 0 is the network before training.
    device, folder, save_every
        As for `train`.

    Returns
    -------
    dict of int to list of ndarray of float64
        W0 (H, d), b0 (H,), W1 (K, H), b1 (K,) by epoch, for points as they were before they were
        prepared (`Samples.for_original_points`).

    Notes
    -----
    Each epoch is reached by a training of its own from the start: what a training has done after
    an epoch does not depend on how long it goes on. Where epochs grow by a factor of 2, that
    doubles the time, and all of them can be continued from a folder.
    """
    initial = initial_stack([width], [seed], samples.input_dim, samples.n_classes)
    found = {}
    for epoch in epochs:
        stack = initial
        if epoch:
            own = replace(settings, epochs=epoch)
            stack = train(
                initial,
                samples.X,
                samples.y,
                own,
                seed=seed,
                device=device,
                folder=folder,
                save_every=save_every,
            ).stack
        found[epoch] = samples.for_original_points(stack.arrays(0))
    return found
