"""Data on which the first layer is exact, so that no result hangs on the order of a sum."""

import numpy as np
from hypothesis import strategies as st
from second_layer_twin import second_layer

from memrob.interpolation.first_layer import FirstLayer, threshold_features

SEEDS = st.integers(0, 2**32 - 1)
CLASS_SIZES = st.sampled_from([1, 2, 5, 63, 64, 65, 130])


def exact_points(rng, n_points, input_dim):
    """Points with at most two coordinates that are not 0, and those are powers of two.

    Their products with float32 weights are exact and W x is one sum, rounded once.
    """
    X = np.zeros((n_points, input_dim), dtype=np.float32)
    for _ in range(min(2, input_dim)):
        place = rng.integers(input_dim, size=n_points)
        X[np.arange(n_points), place] = rng.choice([0, 1, 2, 4, -1, -2, 0.5], size=n_points)
    return X


def distinct_classes(rng, n_points, input_dim, n_classes):
    """Exact points, copies within classes included, no point in two classes, no class empty."""
    while True:
        X = exact_points(rng, n_points, input_dim)
        _, place = np.unique(X, axis=0, return_inverse=True)
        y = rng.integers(n_classes, size=place.max() + 1)[place.ravel()]
        if len(np.unique(y)) == n_classes:
            return X, y


def packed(features):
    """Boolean features, one matrix a class, as PackedFeatures, by way of unit vectors for W."""
    n = features[0].shape[1]
    layer = FirstLayer(np.eye(n, dtype=np.float32), np.full(n, -0.5, dtype=np.float32))
    ends = np.cumsum([len(rows) for rows in features])
    classes = np.split(np.arange(ends[-1]), ends[:-1])
    return threshold_features(layer, np.concatenate(features).astype(np.float32), classes)


@st.composite
def class_features(draw, n_classes=None):
    """Boolean features of two to four classes, one matrix a class."""
    rng = np.random.default_rng(draw(SEEDS))
    n_classes = n_classes or draw(st.integers(2, 4))
    sizes = [draw(CLASS_SIZES) for _ in range(n_classes)]
    n = draw(st.sampled_from([1, 3, 20, 63, 64, 65, 255, 256, 257, 300]))
    kind = draw(st.sampled_from(["independent", "plane", "prototypes"]))
    if kind == "independent":
        # Sparse or full features leave pairs apart from few hyperplanes: minima of 0.
        density = draw(st.sampled_from([0.02, 0.1, 0.5, 0.9, 0.99]))
        return [rng.random((size, n)) < density for size in sizes]
    if kind == "plane":
        # Integer points and hyperplanes; copies occur within a class and across classes.
        normals, shifts = rng.integers(-3, 4, size=(2, n)), rng.integers(-4, 5, size=n)
        points = [rng.integers(-3, 4, size=(size, 2)) for size in sizes]
        return [rows @ normals + shifts > 0 for rows in points]
    # Points near few prototypes: neurons that cover many points.
    flips = draw(st.sampled_from([0.01, 0.1]))
    prototypes = rng.random((n_classes, 3, n)) < 0.5
    return [
        prototypes[k, rng.integers(3, size=size)] ^ (rng.random((size, n)) < flips)
        for k, size in enumerate(sizes)
    ]


def twin_of(features, k, draw, tolerated=0, min_cover=1):
    """Second layer of class k by the plain twin."""
    in_minus = np.repeat(np.arange(len(features)), [len(rows) for rows in features]) == k
    return second_layer(np.concatenate(features), in_minus, draw, tolerated, min_cover)


def assert_same(layer, expected):
    assert layer.candidates.tolist() == expected.candidates.tolist()
    assert layer.thresholds.tolist() == expected.thresholds.tolist()
    assert layer.n_covered == expected.n_covered
