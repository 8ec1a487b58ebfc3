"""Gaussian mean widths of finite sets by Monte Carlo."""

from typing import NamedTuple

import numpy as np

from memrob.complexity.distances import BLOCK_ELEMENTS


class Estimate(NamedTuple):
    """A Monte Carlo mean with its standard error."""

    value: float
    standard_error: float


def gaussian_mean_width(
    A: np.ndarray, rng: np.random.Generator, draws: int = 1000, absolute: bool = False
) -> Estimate:
    """Gaussian mean width w(A) = E sup_{a in A} <g, a> of a finite set.

    Parameters
    ----------
    A : ndarray of shape (N, d), floating
        Points of the set, at least one.
    rng : numpy.random.Generator
    draws : int
        Number of Gaussian vectors, at least 2.
    absolute : bool
        E sup |<g, a>| instead, which is what [M] calls the mean width: that of A and -A together.

    Returns
    -------
    Estimate
        The mean is unbiased, but for float32 rounding of the products.
    """
    gaussians = rng.standard_normal((A.shape[1], draws), dtype=np.float32)
    suprema = np.full((1, draws), -np.inf, dtype=np.float32)
    for start in range(0, len(A), step := _rows_at_once(A.shape[1], draws)):
        products = A[start : start + step].astype(np.float32) @ gaussians
        if absolute:
            np.abs(products, out=products)
        np.maximum(suprema, products.max(axis=0), out=suprema)
    means, errors = _mean_and_error(suprema)
    return Estimate(float(means[0]), float(errors[0]))


def piece_widths(
    X: np.ndarray,
    centres: np.ndarray,
    assignment: np.ndarray,
    rng: np.random.Generator,
    draws: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Mean widths E sup |<g, x - c>| over the points x of each piece, c the piece's centre.

    All pieces share their Gaussian vectors.

    Parameters
    ----------
    X : ndarray of shape (n, d), floating
    centres : ndarray of shape (M,), integer
        Rows of X.
    assignment : ndarray of shape (n,), integer
        Piece of each point, in 0 ... M - 1; a negative number leaves the point out.
    rng : numpy.random.Generator
    draws : int

    Returns
    -------
    widths, errors : ndarray of shape (M,), dtype float64
        Estimates and their standard errors, both 0 for a piece that is its centre.
    """
    gaussians = rng.standard_normal((X.shape[1], draws), dtype=np.float32)
    # Zero is the centre's own product, so that centres themselves need none.
    suprema = np.zeros((len(centres), draws), dtype=np.float32)
    members = np.flatnonzero(assignment >= 0)
    members = members[centres[assignment[members]] != members]
    members = members[np.argsort(assignment[members], kind="stable")]
    for start in range(0, len(members), step := _rows_at_once(X.shape[1], draws)):
        part = members[start : start + step]
        pieces = assignment[part]
        differences = np.subtract(X[part], X[centres[pieces]], dtype=np.float64)
        products = np.abs(differences.astype(np.float32) @ gaussians)
        starts = np.flatnonzero(np.diff(pieces, prepend=-1))
        found = np.maximum.reduceat(products, starts, axis=0)
        suprema[pieces[starts]] = np.maximum(suprema[pieces[starts]], found)
    return _mean_and_error(suprema)


def _mean_and_error(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    draws = samples.shape[1]
    means = samples.mean(axis=1, dtype=np.float64)
    return means, samples.std(axis=1, ddof=1, dtype=np.float64) / np.sqrt(draws)


def _rows_at_once(dim: int, draws: int) -> int:
    return max(1, BLOCK_ELEMENTS // (2 * max(dim, draws)))
