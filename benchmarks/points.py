"""The points that are measured with; nothing is downloaded for them."""

from functools import lru_cache

import numpy as np

from memrob.data.catalogue import build
from memrob.data.folders import UnavailableError, find_cifar10, find_mnist
from memrob.data.sources import named_folder
from memrob.data.synthetic import moons
from memrob.numerics.files import cache_folder


class MissingPointsError(Exception):
    """An image set that neither the user's folder nor the cache of downloads holds."""


@lru_cache(maxsize=1)
def points(name: str, n_samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Points and labels of a data set; the last one asked for is kept.

    Parameters
    ----------
    name : {"moons", "mnist", "mnist_1v8", "cifar10"}
        Its name.
    n_samples : int
        Number of points, for moons; the image sets come whole.

    Returns
    -------
    X : (N, d) float32
    y : (N,) int64

    Raises
    ------
    MissingPointsError
        It says in one line where the set was looked for.
    """
    if name == "moons":
        return tuple(moons(n_samples))
    find = find_cifar10 if name == "cifar10" else find_mnist
    reasons = []
    for folder in (named_folder(), cache_folder()):
        if folder is None:
            reasons.append("MEMROB_DATA is not set")
            continue
        try:
            find(folder)
        except UnavailableError as reason:
            reasons.append(f"{'cache' if folder == cache_folder() else 'MEMROB_DATA'} {reason}")
        else:
            return tuple(build(name, mirror=folder))
    raise MissingPointsError("; ".join(reasons))
