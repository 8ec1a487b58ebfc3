"""Branch and bound on the input: boxes are cut in two where the bound is largest."""

import time
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from memrob.lipschitz.exact.result import SLACK
from memrob.lipschitz.local.region import Region
from memrob.lipschitz.local.relaxation import Boxes, activation_bounds, gradient_bounds
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.upper.rounding import raised

BATCH = 32
"""Boxes that are cut at a time."""

BOX_WORK, MOST_BOXES = 2e10, 2_000
"""Floating-point operations that boxes take, about, and their number, where no budget is given."""

LARGEST_BATCH = 2e7
"""Numbers in the lines of the boxes of a batch, at most."""


class Searched(NamedTuple):
    """What a search of boxes leaves.

    Attributes
    ----------
    upper : dict of float to float
        Upper bound on the region by p.
    points : ndarray of float64, shape (K, d)
        Points of the region with the largest gradients.
    count : int
        Boxes looked at.
    """

    upper: dict[float, float]
    points: np.ndarray
    count: int


def search_boxes(
    network: ReluNetwork,
    ps: list[float],
    region: Region,
    lower: dict[float, float],
    nodes: int | None,
    end: float | None,
) -> Searched:
    """Bound gradients on a region by the bounds on ever smaller boxes.

    Parameters
    ----------
    network : ReluNetwork
    ps : list of float
        Exponents.
    region : Region
    lower : dict of float to float
        Lower bounds on the region by p; boxes that cannot beat them are left.
    nodes : int, optional
        Boxes; without it and `end` as many as `BOX_WORK` allows.
    end : float, optional
        `time.monotonic()` at which to stop.
    """
    qs = [conjugate(p) for p in ps]
    best = np.array([lower[p] for p in ps])
    points, left_out, count = [region.centre], np.zeros(len(ps)), 1
    low, high = (side[None] for side in region.ends)
    largest, bounds = _bounds(network, qs, low, high)
    most = nodes if nodes is not None else (np.inf if end is not None else _affordable(network))
    batch = max(1, int(min(BATCH, LARGEST_BATCH / _widest(network))))
    while len(low):
        gains = (bounds / np.maximum(best * (1 + SLACK), 1e-300)).max(axis=1)
        done = gains <= 1
        left_out = np.maximum(left_out, bounds[done].max(axis=0, initial=0.0))
        low, high, largest, bounds, gains = (
            part[~done] for part in (low, high, largest, bounds, gains)
        )
        if not len(low) or count >= most or (end is not None and time.monotonic() > end):
            break
        order = np.argsort(-gains, kind="stable")
        chosen, rest = order[:batch], order[batch:]
        parts = _halves(low[chosen], high[chosen], largest[chosen])
        parts = _inside(region, *parts)
        count += len(parts[0])
        if not len(parts[0]):
            low, high, largest, bounds = (part[rest] for part in (low, high, largest, bounds))
            continue
        new_largest, new_bounds = _bounds(network, qs, *parts)
        centres = region.clipped((parts[0] + parts[1]) / 2)
        sizes = np.array([norm(network.gradients(centres), q) for q in qs]).T
        for k in range(len(ps)):
            top = int(np.argmax(sizes[:, k]))
            # Rounding may put a norm above what a settled value will be.
            if sizes[top, k] * (1 - SLACK / 4) > best[k]:
                best[k] = sizes[top, k] * (1 - SLACK / 4)
                points.append(centres[top])
        low = np.concatenate([low[rest], parts[0]])
        high = np.concatenate([high[rest], parts[1]])
        largest = np.concatenate([largest[rest], new_largest])
        bounds = np.concatenate([bounds[rest], new_bounds])
    upper = np.maximum(left_out, bounds.max(axis=0, initial=0.0))
    return Searched(dict(zip(ps, upper, strict=True)), np.array(points), count)


def _bounds(network, qs, low, high) -> tuple[np.ndarray, np.ndarray]:
    largest = gradient_bounds(network, activation_bounds(network, Boxes(low, high)))
    largest = np.broadcast_to(largest, low.shape)
    sizes = np.array([raised(norm(largest, q), largest.shape[1]) for q in qs]).T
    return largest, np.where(np.isnan(sizes), np.inf, sizes)


def _halves(low, high, largest) -> tuple[np.ndarray, np.ndarray]:
    """Both halves of boxes, cut across the coordinate along which the output may change most."""
    widths = high - low
    chosen = np.argmax(np.where(np.isfinite(largest), largest, 1.0) * widths, axis=1)
    rows = np.arange(len(low))
    middle = (low[rows, chosen] + high[rows, chosen]) / 2
    first_high, second_low = high.copy(), low.copy()
    first_high[rows, chosen] = middle
    second_low[rows, chosen] = middle
    return np.concatenate([low, second_low]), np.concatenate([first_high, high])


def _inside(region: Region, low, high) -> tuple[np.ndarray, np.ndarray]:
    """The boxes that meet the region."""
    if not region.is_ball:
        return low, high
    nearest = np.clip(region.centre, low, high)
    away = np.linalg.norm(nearest - region.centre, axis=1)
    kept = away <= region.radius[0] * (1 + 1e-9)
    return low[kept], high[kept]


def _widest(network: ReluNetwork) -> int:
    sizes = [network.input_dim, *network.widths]
    return max(sizes) * max(network.widths, default=1)


def _affordable(network: ReluNetwork) -> float:
    work, sizes = 0.0, [network.input_dim, *network.widths]
    for layer in range(1, len(sizes)):
        work += 4 * sizes[layer] * sum(a * b for a, b in pairwise(sizes[:layer]))
    work += 4 * sum(weight.size for weight in network.weights) * (1 + network.input_dim)
    return max(1.0, min(BOX_WORK / work, MOST_BOXES))
