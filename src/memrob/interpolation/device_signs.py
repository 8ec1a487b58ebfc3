"""Exact signs of W x + b in torch, as `exact_signs` has them on the processor.

torch's product in float32, without the shorter formats that it may take, is within the same bound
as any other; what that leaves open is summed in float64, and the rest without error.
"""

import numpy as np
import torch

from memrob.interpolation.exact_signs import DOUBLE_ROUNDING, is_above
from memrob.interpolation.products import SinglePrecision
from memrob.numerics.bfloat16 import LEAST

BYTES_A_FEATURE = 20
"""Of the memory that a block takes: products, margins, bounds, and what is compared."""

TERMS_AT_ONCE = 1 << 24
"""Products in float64 that are held at a time."""


class DeviceSigns:
    """Hyperplanes on a device, and on which side of each a point lies.

    Parameters
    ----------
    weights : (n, d) float32
        W.
    biases : (n,) float32
        b.
    device : str
        Where they are to be.
    """

    def __init__(self, weights: np.ndarray, biases: np.ndarray, device: str) -> None:
        self.weights = torch.tensor(weights, device=device)
        self.floor = -torch.tensor(biases, device=device)
        self._norms = self.weights.double().norm(dim=1)
        n_terms = weights.shape[1]
        product = SinglePrecision(weights)
        slopes = 1.000001 * product.relative_error * self._norms
        self._slopes = slopes.clamp(min=LEAST).float()
        self._absolute = product.absolute_error
        self._double_error = 2 * (n_terms + 2) * DOUBLE_ROUNDING

    def above(self, points: torch.Tensor) -> torch.Tensor:
        """Whether W x + b > 0 in exact arithmetic: (m, d) float32 -> (m, n) bool."""
        if points.shape[1] == 2:
            return self._above_in_the_plane(points)
        products = points @ self.weights.T
        above = products > self.floor
        norms = points.double().norm(dim=1)
        # Never below what float32 holds with all its bits.
        lengths = (1.000001 * norms).clamp(min=LEAST).float()
        bounds = torch.outer(lengths, self._slopes)
        # What is infinite or no number is taken for near.
        far = products.sub_(self.floor).abs_() >= bounds.add_(self._absolute)
        far &= products < torch.inf
        rows, columns = torch.nonzero(~far, as_tuple=True)
        step = max(TERMS_AT_ONCE // points.shape[1], 1)
        for some, others in zip(rows.split(step), columns.split(step), strict=True):
            above[some, others] = self._above_in_float64(points, norms, some, others)
        return above

    def _above_in_the_plane(self, points) -> torch.Tensor:
        # The second product is added without being rounded, as in `pack_planar`.
        first = points[:, :1] * self.weights[:, 0]
        second = points[:, 1:].double() * self.weights[:, 1].double()
        return (first.double() + second).float() > self.floor

    def _above_in_float64(self, points, norms, rows, columns) -> torch.Tensor:
        floor = self.floor[columns].double()
        totals = (points[rows].double() * self.weights[columns].double()).sum(dim=1)
        above = totals > floor
        sizes = norms[rows] * self._norms[columns] + floor.abs()
        unsure = ((totals - floor).abs() <= self._double_error * sizes) & (sizes > 0)
        for i in torch.nonzero(unsure)[:, 0].tolist():
            weight, point = self.weights[columns[i]], points[rows[i]]
            above[i] = is_above(weight.cpu().numpy(), point.cpu().numpy(), -float(floor[i]))
        return above
