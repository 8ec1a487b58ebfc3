"""Labels that are wrong on purpose, and labels as targets of the squared loss."""

import numpy as np

from memrob.errors import UserError

LABELS = ("true", "random")


def noisy_labels(
    y: np.ndarray, share: float, n_classes: int, rng: np.random.Generator
) -> np.ndarray:
    """Replace a share of the labels by other ones.

    Parameters
    ----------
    y : (N,) int64
        Classes 0 ... n_classes - 1.
    share : float
        Share of labels that are replaced, from 0 to 1.
    n_classes : int
        Number of classes, at least 2.
    rng : numpy.random.Generator
        Advanced alike for every share, so that the labels replaced for a smaller share are among
        those for a larger one, and are replaced by the same ones.

    Returns
    -------
    (N,) int64
        Exactly round(share * N) labels differ from `y`, each uniform among the other classes. This
        is the convention of Nakkiran et al. (ICLR 2020), a uniformly random incorrect label, with
        the number of them fixed.

    Raises
    ------
    UserError
        If the share is not between 0 and 1.
    """
    if not 0 <= share <= 1:
        raise UserError(f"label_noise: is {share}; it must be a share from 0 to 1")
    order = rng.permutation(len(y))
    shifts = rng.integers(1, n_classes, size=len(y))
    replaced = order[: round(share * len(y))]
    noisy = y.copy()
    noisy[replaced] = (y[replaced] + shifts[replaced]) % n_classes
    return noisy


def random_labels(n_samples: int, n_classes: int, rng: np.random.Generator) -> np.ndarray:
    """Draw labels that have nothing to do with the points.

    Parameters
    ----------
    n_samples, n_classes : int
        Number of labels and of classes.
    rng : numpy.random.Generator
        Source of the labels; fewer labels from the same state are a prefix of more.

    Returns
    -------
    (n_samples,) int64
        Independent and uniform on 0 ... n_classes - 1.
    """
    return rng.integers(n_classes, size=n_samples)


def one_hot(y: np.ndarray, n_classes: int) -> np.ndarray:
    """Targets of the squared loss: (N,) int64 -> (N, n_classes) float64, 1 at the class."""
    return np.eye(n_classes)[y]
