"""How the Lipschitz constants of a network's margins develop while it is trained."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from memrob.lipschitz.bracket import bracket
from memrob.lipschitz.norms import checked_p, conjugate, norm
from memrob.training.classifier import Classifier
from memrob.training.margin_bounds import OPERATIONS, Largest, largest_margin_bounds

TYPICAL = 256
"""Training points at which the gradients of all pairs are computed."""


def lipschitz_course(
    stages: Mapping[int, Sequence[np.ndarray]],
    X: np.ndarray,
    y: np.ndarray,
    ps: Sequence[float] = (1.0, 2.0, math.inf),
    *,
    seed: int = 0,
    restarts: int = 4,
    operations: float = OPERATIONS,
) -> pd.DataFrame:
    """Bounds of the largest Lipschitz constant of a margin f_a - f_b over all pairs of classes.

    Parameters
    ----------
    stages : mapping of int to sequence of ndarray
        Parameters W_0, b_0, W_1, b_1, ... by epoch.
    X : ndarray of shape (N, d)
        Training points.
    y : ndarray of int, shape (N,)
        Labels in 0, ..., K - 1.
    ps : sequence of float
        Exponents in [1, inf].
    seed, restarts : int
        Of the search for large gradients (`memrob.lipschitz.bracket`).
    operations : float
        Of the upper bounds (`largest_margin_bounds`).

    Returns
    -------
    DataFrame
        A row for each epoch and p with columns epoch, p, lower, upper, train_error (share of
        points whose margin is not positive), margin (median over the points of the least
        f_a - f_b), weight_norm (Euclidean norm of all weights, biases left out).

    Notes
    -----
    With two classes there is one margin, f_1 - f_0 up to its sign. With more, `upper` is the
    largest over all pairs; `lower` is the largest gradient found for the pair with the largest
    upper bound for each p, or attained by any pair at some of the training points.
    """
    ps = [checked_p(p) for p in ps]
    X = np.asarray(X, dtype=np.float64)
    typical = X[:: max(1, len(X) // TYPICAL)]
    rows = []
    for epoch, parameters in stages.items():
        classifier = Classifier.from_parameters(parameters)
        uppers = largest_margin_bounds(classifier, ps, points=typical, operations=operations)
        lowers = lower_bounds(classifier, uppers, typical, seed=seed, restarts=restarts)
        margins = classifier.margins(X, y).min(axis=1)
        weights = math.sqrt(sum(float((weight**2).sum()) for weight in classifier.weights))
        for p in ps:
            rows.append(
                {
                    "epoch": epoch,
                    "p": p,
                    "lower": lowers[p],
                    "upper": uppers[p].bound,
                    "train_error": float((margins <= 0).mean()),
                    "margin": float(np.median(margins)),
                    "weight_norm": weights,
                }
            )
    return pd.DataFrame(rows)


def lower_bounds(
    classifier: Classifier,
    uppers: dict[float, Largest],
    X: np.ndarray,
    *,
    seed: int,
    restarts: int,
) -> dict[float, float]:
    """Largest gradients found of any margin, by p; `uppers` as of `largest_margin_bounds`."""
    pairs = list(combinations(range(classifier.n_outputs), 2))
    networks = {pair: classifier.margin(*pair) for pair in pairs}
    found = dict.fromkeys(uppers, 0.0)
    for network in networks.values():
        slopes = network.gradients(X)
        for p in found:
            found[p] = max(found[p], float(norm(slopes, conjugate(p)).max()))
    for pair in sorted({uppers[p].pair for p in found}):
        known = bracket(networks[pair], list(found), method="lower", seed=seed, restarts=restarts)
        for p, bound in known.items():
            found[p] = max(found[p], bound.lower)
    return found
