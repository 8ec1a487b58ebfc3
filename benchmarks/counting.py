"""Minima of the second layer over sliced features, against those over tiles, in one run."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np

from benchmarks.points import MissingPointsError, points
from benchmarks.table import Line
from memrob.interpolation import second_layer
from memrob.interpolation.first_layer import (
    PackedFeatures,
    evenly_splitting_first,
    sample_first_layer,
    threshold_features,
)
from memrob.numerics.packed import UNBOUNDED, masked_minima
from memrob.numerics.sliced import sliced_minima

MAX_BIAS = 1.0
CANDIDATES = 256
RUNS = 5


@dataclass(frozen=True)
class Counting:
    """Time of the minimum of one candidate over X+.

    Attributes
    ----------
    dataset : str
        Name of the points; class 0 plays X-.
    first_width, block : int
        Hyperplanes n, and candidates that are evaluated together.
    tiled, sliced : float
        Seconds a candidate by either kernel, the least of interleaved runs.
    slicing : float
        Seconds to slice the features.
    """

    dataset: str
    first_width: int
    block: int
    tiled: float
    sliced: float
    slicing: float


def measure_counting(widths: list[int], blocks: tuple[int, ...] = (1, 8, 64)) -> list[Counting]:
    """Measure on MNIST, or on 100,000 points of moons if it is missing."""
    try:
        (X, y), dataset = points("mnist", 70_000), "mnist"
    except MissingPointsError:
        (X, y), dataset = points("moons", 100_000), "moons"
    classes = [np.flatnonzero(y == label) for label in np.unique(y)]
    found = []
    for width in widths:
        rng = np.random.default_rng(0)
        layer = sample_first_layer(rng, width, X.shape[1], MAX_BIAS)
        features = threshold_features(evenly_splitting_first(layer, X), X, classes)
        masks = features.complement_masks(0, rng.permutation(len(classes[0]))[:CANDIDATES])
        start = time.thread_time()
        slices = features.slices
        slicing = time.thread_time() - start
        ways = [partial(masked_minima, features.tiles), partial(sliced_minima, slices)]
        for block in blocks:
            tiled, sliced = _compared(features, masks, block, ways)
            found.append(Counting(dataset, width, block, tiled, sliced, slicing))
    return found


def _compared(
    features: PackedFeatures, masks: np.ndarray, block: int, ways: list[Callable]
) -> list[float]:
    best = [np.inf] * len(ways)
    for _ in range(RUNS):
        results = []
        for i, lower in enumerate(ways):
            minima = np.full(len(masks), UNBOUNDED, np.uint64)
            start = time.thread_time()
            for first in range(0, len(masks), block):
                part = slice(first, first + block)
                for begin, end in features.other_tile_ranges(0):
                    lower(begin, end, masks[part], minima[part])
            best[i] = min(best[i], (time.thread_time() - start) / len(masks))
            results.append(minima)
        if not np.array_equal(*results):
            raise AssertionError("the kernels differ")
    return best


def counting_lines(found: list[Counting]) -> list[Line]:
    """Lines of the table of targets."""
    return [
        Line(
            f"{c.dataset}, n = {c.first_width:,}, {c.block} together",
            "tiled / sliced minimum",
            f"{c.tiled / c.sliced:.1f} x",
            remark=f"{1e6 * c.tiled:.0f} and {1e6 * c.sliced:.0f} µs a candidate; slicing all "
            f"features takes {1e3 * c.slicing:.0f} ms, from blocks of "
            f"{second_layer.SLICED_FROM} on",
        )
        for c in found
    ]


def as_row(found: Counting) -> dict:
    """One line of the table of all measurements."""
    return {"group": "counting", **asdict(found)}
