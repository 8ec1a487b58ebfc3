"""The baseline that times are compared with constructs what the package constructs."""

import numpy as np
import pytest

from benchmarks import baseline
from memrob.interpolation import fit


def classes_apart(seed, n_points, n_classes):
    """Points on which W x is exact but for one rounding; copies share their class."""
    rng = np.random.default_rng(seed)
    X = np.zeros((n_points, 6), dtype=np.float32)
    for _ in range(2):
        place = rng.integers(6, size=n_points)
        X[np.arange(n_points), place] = rng.choice([1, -1, 0.5, -0.5, 0.25], size=n_points)
    _, distinct = np.unique(X, axis=0, return_inverse=True)
    return X, rng.integers(n_classes, size=n_points)[distinct.ravel()]


@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize("first_width", [3, 20, 150])
@pytest.mark.parametrize("seed", range(3))
def test_same_second_layers_as_the_package(n_classes, first_width, seed):
    X, y = classes_apart(seed, 500, n_classes)
    arguments = {"first_width": first_width, "max_bias": 1.0, "seed": seed}
    network, detectors = fit(X, y, **arguments), baseline.fit(X, y, **arguments)
    assert len(network.detectors) == len(detectors)
    for detector, expected in zip(network.detectors, detectors, strict=True):
        assert detector.candidates.tolist() == expected.candidates
        assert detector.thresholds.tolist() == expected.thresholds
        # What the ratio of times is extrapolated with.
        assert detector.width + detector.n_members - detector.n_covered == expected.n_evaluated


def test_stops_at_the_limit():
    X, y = classes_apart(0, 500, 2)
    minus, plus = ((X[y == k] > 0).astype(np.float32) for k in (1, 0))
    order = np.arange(len(minus))
    whole = baseline.second_layer([plus], minus, order)
    part = baseline.second_layer([plus], minus, order, limit=5)
    assert part.n_evaluated == 5 < whole.n_evaluated
    assert part.candidates == whole.candidates[: len(part.candidates)]
