"""Labelled points and what every data set goes through: scaling to the unit ball, ordering."""

from typing import NamedTuple

import numpy as np

from memrob.errors import UserError

# Rows that are worked on at once, so that no second copy of a large set is held.
BLOCK_ROWS = 1024

_EXACT = 2**53

# Sizes whose squares, summed over a million coordinates, are ordinary numbers of float32.
_SAFE = 2.0**-40, 2.0**40


class Dataset(NamedTuple):
    """Labelled points.

    Attributes
    ----------
    X : ndarray of shape (N, d), dtype float32
        One point per row.
    y : ndarray of shape (N,), dtype int64
        Labels. With two classes, the larger one is X- and the smaller one X+.
    """

    X: np.ndarray
    y: np.ndarray


def normalise(X: np.ndarray, name: str = "X") -> np.ndarray:
    """Divide all points by the largest Euclidean norm, so that they lie in the unit ball.

    Parameters
    ----------
    X : ndarray of shape (N, d), dtype float32 or float64
        Overwritten if it is float32, so that a large set is not copied.
    name : str
        The file or the array at fault, for the message.

    Returns
    -------
    ndarray of shape (N, d), dtype float32
        With largest norm 1, up to rounding; see `unit_ball`, also for errors.
    """
    return unit_ball(X, overwrite=True, name=name)[0]


def unit_ball(
    X: np.ndarray, *, overwrite: bool = False, name: str = "X"
) -> tuple[np.ndarray, float]:
    """Points divided by their largest Euclidean norm, and that norm.

    The order of operations decides whether published trials come out bit by bit: cast to float32,
    take norms in float32, divide in float32. Points whose squares leave the range of float32 are
    first divided by a power of two, in their own precision, which changes no digit.

    Parameters
    ----------
    X : ndarray of shape (N, d), dtype float32 or float64
        Finite.
    overwrite : bool
        Whether X may be overwritten.
    name : str
        The file or the array at fault, for the message.

    Returns
    -------
    points : ndarray of shape (N, d), dtype float32
    norm : float
        1 if all points are 0.

    Raises
    ------
    UserError
        If the largest norm exceeds double precision.
    """
    exponent = _exponent(largest_entry(X))
    points = single(X, exponent)
    norm = largest_norm(points) or points.dtype.type(1)
    with np.errstate(over="ignore"):
        scale = float(np.ldexp(np.float64(norm), exponent))
    if not np.isfinite(scale):
        raise UserError(f"{name}: has a point whose norm exceeds double precision (1.8e308)")
    may_overwrite = overwrite or not np.may_share_memory(points, X)
    return np.divide(points, norm, out=points if may_overwrite else None), scale


def divided(X: np.ndarray, norm: float) -> np.ndarray:
    """Points divided by a norm that `unit_ball` gave, as it divides them.

    Parameters
    ----------
    X : ndarray of shape (N, d), dtype float32 or float64
    norm : float

    Returns
    -------
    ndarray of shape (N, d), dtype float32
        Infinite where a quotient leaves the range of float32.
    """
    exponent = _exponent(norm)
    with np.errstate(over="ignore"):
        return single(X, exponent) / np.float32(np.ldexp(norm, -exponent))


def single(X: np.ndarray, exponent: int = 0) -> np.ndarray:
    """X / 2**exponent in single precision, infinite beyond its range; X itself if it is that."""
    with np.errstate(over="ignore", under="ignore"):
        if exponent != 0:
            X = np.ldexp(X, -exponent)
        return np.ascontiguousarray(X, dtype=np.float32)


def _exponent(size: float) -> int:
    """Exponent of the power of two to divide by, 0 if squares of this size are in range."""
    if size == 0 or _SAFE[0] <= size <= _SAFE[1]:
        return 0
    return int(np.frexp(size)[1])


def rounded_integer(values: np.ndarray) -> int | None:
    """Position in an array, flattened, of the first integer that double precision rounds, or None.

    Up to 2^53 a double holds every integer. Beyond, two names made of digits may become one number.
    """
    values = values.reshape(-1)
    if values.dtype.kind in "iu":
        candidates = np.flatnonzero((values > _EXACT) | (values < -_EXACT))
    else:
        candidates = [i for i, value in enumerate(values) if type(value) is int]
    return next((int(i) for i in candidates if _is_rounded(int(values[i]))), None)


def _is_rounded(value: int) -> bool:
    try:
        return int(float(value)) != value
    except OverflowError:
        return False


def largest_entry(X: np.ndarray) -> float:
    """Largest absolute value of an array; 0 if it is empty."""
    return max(float(X.max()), -float(X.min())) if X.size else 0.0


def largest_norm(X: np.ndarray) -> np.floating:
    """Largest Euclidean norm of a row, computed in the dtype of `X`, some rows at a time.

    The squares of a row are added one coordinate after the other, each sum rounded. In float32 this
    is the radius that the published images were divided by, `numpy.linalg.norm` of an array in
    column-major order: 17.179039 for MNIST, where pairwise sums give 17.179045 (own finding, by
    replaying published trials). No other order of summation enters, so every machine finds the
    same number.

    Parameters
    ----------
    X : ndarray of shape (N, d), floating
        Finite.

    Returns
    -------
    scalar
        Of the dtype of `X`; of float64 if squares of entries leave the range of float32.
    """
    exponent = _exponent(largest_entry(X))
    largest = X.dtype.type(0)
    for start in range(0, len(X), BLOCK_ROWS):
        block = X[start : start + BLOCK_ROWS]
        if exponent != 0:
            block = np.ldexp(block, -exponent)
        columns = np.ascontiguousarray(block.T)
        sums = np.square(columns[0])
        for column in columns[1:]:
            sums += np.square(column)
        largest = max(largest, sums.max())
    norm = np.sqrt(largest)
    return norm if exponent == 0 else np.ldexp(np.float64(norm), exponent)


def stratified_order(y: np.ndarray, seed: int) -> np.ndarray:
    """Order of the points in which every prefix holds all classes in proportion.

    The points of each class are shuffled and spread evenly: the point of rank r in a class of size
    m goes to position (r + 1/2) / m on the unit interval. Prefixes are nested by construction, and
    with two classes each holds its share of either, up to half a point.

    Parameters
    ----------
    y : ndarray of shape (N,), integer
        Labels.
    seed : int
        Of the shuffling.

    Returns
    -------
    ndarray of shape (N,), dtype int64
        Indices into `y`, each once.
    """
    rng = np.random.default_rng(seed)
    position = np.empty(len(y))
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        position[rng.permutation(members)] = (np.arange(len(members)) + 0.5) / len(members)
    return np.argsort(position, kind="stable")
