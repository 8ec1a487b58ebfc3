"""The best points found so far, for every network of a batch and every p."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from memrob.lipschitz.batch import NetworkBatch, put_like, to_numpy
from memrob.lipschitz.gradients import gradients
from memrob.lipschitz.norms import conjugate, norm


class Pool:
    """Points with large gradients, the best of each p; a point found for one p serves all.

    Parameters
    ----------
    batch : NetworkBatch
        B networks.
    ps : sequence of float
        Exponents.
    kept : int
        Points that are kept for each network and p.

    Attributes
    ----------
    points : ndarray of float32 or float64, shape (B, P, d + 1)
        Points, the height in the last coordinate: (x, t) stands for x/t.
    values : ndarray, shape (B, P, len(ps))
        Norms of their gradients, in the precision of the batch.
    methods : ndarray of str, shape (B, P)
        What found each point.
    """

    def __init__(self, batch: NetworkBatch, ps: Sequence[float], kept: int = 8) -> None:
        self.batch, self.ps, self.kept = batch, tuple(ps), kept
        self.points = np.zeros((batch.size, 0, batch.input_dim + 1))
        self.values = np.zeros((batch.size, 0, len(self.ps)))
        self.methods = np.zeros((batch.size, 0), dtype="<U11")

    def add(self, points: np.ndarray, method: str) -> tuple[np.ndarray, np.ndarray]:
        """Evaluate points and keep those that are among the best for some p.

        Parameters
        ----------
        points : ndarray, shape (B, M, d + 1)
            Points with heights.
        method : str
            What found them.

        Returns
        -------
        (ndarray, ndarray), shapes (B, M, d) and (B, M, len(ps))
            Their gradients, and the norms of those.
        """
        found = evaluate(self.batch, points)
        values = np.stack([norm(found, conjugate(p)) for p in self.ps], axis=-1)
        # A norm that overflowed would win for ever.
        values = np.where(np.isfinite(values), values, 0.0)
        self.points = np.concatenate([self.points, points], axis=1)
        self.values = np.concatenate([self.values, values], axis=1)
        tags = np.full(values.shape[:2], method, dtype=self.methods.dtype)
        self.methods = np.concatenate([self.methods, tags], axis=1)
        self._shrink()
        return found, values

    def best(self, p: float, count: int) -> np.ndarray:
        """Best points for p, shape (B, at most count, d + 1), the largest value first."""
        order = np.argsort(-self.values[..., self.ps.index(p)], axis=1, kind="stable")[:, :count]
        return np.take_along_axis(self.points, order[..., None], axis=1)

    def _shrink(self) -> None:
        order = np.argsort(-self.values, axis=1, kind="stable")[:, : self.kept]
        # As many rows for every network, so that the arrays stay rectangular.
        rows = order.reshape(len(order), -1)
        self.points = np.take_along_axis(self.points, rows[..., None], axis=1)
        self.values = np.take_along_axis(self.values, rows[..., None], axis=1)
        self.methods = np.take_along_axis(self.methods, rows, axis=1)


def evaluate(batch: NetworkBatch, points: np.ndarray) -> np.ndarray:
    """Gradients (B, M, d) of a batch at points (B, M, d + 1) with heights."""
    placed: Any = put_like(points, batch)
    return to_numpy(gradients(batch, placed[..., :-1], placed[..., -1:]))
