"""Points that lie in two classes at once, which no network can interpolate."""

import numpy as np

from memrob.errors import UserError

_BLOCK_ROWS = 4096


def require_disjoint_classes(X: np.ndarray, y: np.ndarray, name: str = "X") -> None:
    """Refuse labelled points of which two are identical and have different labels.

    Rows are hashed and sorted by hash; only rows of equal hash and different label are compared.
    Work is of order N d + N log N, and the memory beyond the input of order N.

    Parameters
    ----------
    X : ndarray of shape (N, d), dtype float32 or float64
        Without NaN; -0.0 counts as 0.0.
    y : ndarray of shape (N,), integer
    name : str
        The file or the array at fault, for the message.

    Raises
    ------
    UserError
        With the indices and labels of two such rows.
    """
    if len(X) == 0:
        return
    hashes = _row_hashes(X)
    order = np.argsort(hashes, kind="stable")
    starts = np.flatnonzero(np.diff(hashes[order], prepend=~hashes[order[:1]]))
    lengths = np.diff(starts, append=len(order))
    labels = y[order]
    mixed = np.minimum.reduceat(labels, starts) != np.maximum.reduceat(labels, starts)
    for start, length in zip(starts[mixed], lengths[mixed], strict=True):
        pair = _conflict(X, y, order[start : start + length])
        if pair is not None:
            i, j = pair
            rounded = " in single precision" if X.dtype == np.float32 else ""
            raise UserError(
                f"{name}: rows {i} and {j} (counted from 0) are the same point{rounded}, with "
                f"labels {y[i]} and {y[j]}; no point may lie in two classes"
            )


def _row_hashes(X: np.ndarray) -> np.ndarray:
    """Sum over each row's 32-bit words, weighted by random odd numbers, modulo 2^64."""
    words = X.shape[1] * X.dtype.itemsize // 4
    weights = np.random.default_rng(0).integers(2**63, size=words, dtype=np.uint64) * 2 + 1
    hashes = np.empty(len(X), dtype=np.uint64)
    for i in range(0, len(X), _BLOCK_ROWS):
        # Adding zero turns -0.0 into 0.0.
        block = np.ascontiguousarray(X[i : i + _BLOCK_ROWS] + X.dtype.type(0))
        hashes[i : i + _BLOCK_ROWS] = block.view(np.uint32).astype(np.uint64) @ weights
    return hashes


def _conflict(X: np.ndarray, y: np.ndarray, rows: np.ndarray) -> tuple[int, int] | None:
    """First two of `rows` that hold the same point with different labels."""
    first = {}
    for row in rows.tolist():
        seen = first.setdefault((X[row] + X.dtype.type(0)).tobytes(), row)
        if y[seen] != y[row]:
            return seen, row
    return None
