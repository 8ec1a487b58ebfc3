"""Quantities that are made of several columns of the table, network by network."""

import numpy as np
import pandas as pd

from memrob.lipschitz.norms import conjugate
from memrob.lipschitz.probable import typical_upper
from memrob.lipschitz.theory import expected_norm
from memrob.numerics.statistics import Line
from memrob.studies.lipschitz.cells import NETWORK

GAP = "gap"
OVER_ZERO = "over_zero"

WIDE = 2**22
"""Width at which the bound in closed form is looked at: far above d L^2 ln N."""


def with_gap(trials: pd.DataFrame) -> pd.DataFrame:
    """Add the bound of probability 0.99 over the largest gradient found."""
    return trials.assign(**{GAP: trials["upper_probable"] / trials["lower"]})


def with_over_zero(trials: pd.DataFrame) -> pd.DataFrame:
    """Add lip_p over that of the network with the same weights and zero biases.

    Networks without such a counterpart are left out, those with zero biases too.
    """
    keys = [*(name for name in NETWORK if name != "bias"), "seed", "p"]
    zero = trials[trials["bias"] == "zero"][[*keys, "lower"]]
    found = trials[trials["bias"] != "zero"].merge(zero, on=keys, suffixes=("", "_zero"))
    return found.assign(**{OVER_ZERO: found["lower"] / found["lower_zero"]})


def two_terms(along: Line, p: float) -> tuple[np.ndarray, float, np.ndarray]:
    """Fit a sqrt(d) + b E|g|_{p'} to the means along d, by least squares of relative errors.

    Parameters
    ----------
    along : Line
        lip_p along the input dimension, at two dimensions or more.
    p : float
        Exponent below 2.

    Returns
    -------
    coefficients : ndarray of float64, shape (2,)
        a and b.
    error : float
        Standard error of a from the noise of the networks; NaN with one network in some cell.
    fitted : ndarray of float64, shape (places,)
        The fitted means.

    Notes
    -----
    Our own reading: lip_1 is the largest of d slopes in single coordinates, each of order sqrt(d)
    with fluctuations of order 1, of which the largest of d is of order E|g|_inf. At other p < 2 the
    norm E|g|_{p'} of one gradient, of order d^{1/p'}, is what the second term generalises to.
    """
    terms = np.array([[d**0.5, expected_norm(conjugate(p), int(d))] for d in along.x])
    means = along.means
    inverse = np.linalg.pinv(terms / means[:, None])
    coefficients = inverse.sum(axis=1)
    few = along.networks.min() < 2
    errors = [np.nan if few else v.std(ddof=1) / len(v) ** 0.5 / v.mean() for v in along.samples]
    return coefficients, float(np.linalg.norm(inverse[0] * errors)), terms @ coefficients


def wide_gap(along: Line | None, input_dim: int, p: float, width: int) -> Line | None:
    """Divide the bound in closed form at a width by values of lip_p along the depth."""
    if along is None:
        return None
    bounds = [typical_upper(input_dim, (width,) * int(depth), [p])[p] for depth in along.x]
    return Line(along.x, [top / values for top, values in zip(bounds, along.samples, strict=True)])
