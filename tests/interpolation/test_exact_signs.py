"""Signs of pre-activations against fractions, for every product, block and order of summation."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from memrob.interpolation import products as products_module
from memrob.interpolation.exact_signs import ExactSigns
from memrob.interpolation.first_layer import (
    FirstLayer,
    shared_threshold_features,
    threshold_features,
)
from memrob.interpolation.products import ShortParts, SinglePrecision, product_of, unit_of_levels
from memrob.numerics import speed

quick = settings(deadline=None, max_examples=80)
SEEDS = st.integers(0, 2**32 - 1)
ORDINARY = [1e-9, 1e-3, 1.0, 1e10]
SCALES = {"single": [1e-42, 1e-30, *ORDINARY, 1e19, 1e30], "short": ORDINARY}
PRODUCTS = {"single": lambda weights, X: SinglePrecision(weights), "short": ShortParts}


def exact_products(weights, points):
    """The twin: W x in rational arithmetic."""
    return [
        [
            sum(Fraction(float(a)) * Fraction(float(b)) for a, b in zip(w, x, strict=True))
            for x in points
        ]
        for w in weights
    ]


def nearest_single(exact):
    """A float32 near a fraction, at most the largest number."""
    largest = np.finfo(np.float32).max
    return np.float32(
        np.clip(float(max(min(exact, Fraction(1e39)), Fraction(-1e39))), -largest, largest)
    )


def problem(rng, n, m, d, kind, scales):
    """Hyperplanes that pass through or next to points, and points of a kind."""
    weight_scale, point_scale = rng.choice(scales, size=2)
    weights = (weight_scale * rng.standard_normal((n, d))).astype(np.float32)
    if kind == "pixels":
        points = rng.integers(256, size=(m, d)) * np.float32(point_scale / 255)
        points[0, 0] = np.float32(point_scale)
    elif kind == "integers":
        weights = rng.integers(-3, 4, size=(n, d)).astype(np.float32)
        points = rng.integers(-3, 4, size=(m, d))
    else:
        points = point_scale * rng.standard_normal((m, d))
    points = points.astype(np.float32)
    if m > 1:
        points[1] = 0
    exact = exact_products(weights, points)
    through = [-exact[i][rng.integers(m)] for i in range(n)]
    biases = np.float32([nearest_single(value) for value in through])
    biases = np.where(rng.random(n) < 0.3, np.nextafter(biases, np.float32(0)), biases)
    return weights, points, biases.astype(np.float32), exact


@pytest.mark.parametrize("name", PRODUCTS)
@quick
@example(3, 1, 4, "pixels", 77)  # bounds that float32 does not hold
@given(
    st.integers(1, 6),
    st.integers(1, 9),
    st.integers(1, 40),
    st.sampled_from(["pixels", "integers", "any"]),
    SEEDS,
)
def test_signs_are_exact(name, n, m, d, kind, seed):
    rng = np.random.default_rng(seed)
    weights, points, biases, exact = problem(rng, n, m, d, kind, SCALES[name])
    signs = ExactSigns(weights, points)
    with np.errstate(all="ignore"):
        signs._product = PRODUCTS[name](weights, points)
        found = np.empty((n, m), np.float32)
        signs.multiply(points, found)
        # The second bias is settled after the first, upon the same products.
        for shifted in (biases, np.nextafter(biases, np.float32(0))):
            signs.settle(found, points, shifted)
            expected = [
                [value + Fraction(float(b)) > 0 for value in row]
                for row, b in zip(exact, shifted, strict=True)
            ]
            assert (found > -shifted[:, None]).tolist() == expected


@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize("kind", ["pixels", "any"])
@quick
@given(st.integers(1, 5), st.integers(2, 5), st.integers(3, 300), SEEDS)
def test_products_are_within_their_bound(name, kind, n, m, d, seed):
    rng = np.random.default_rng(seed)
    weights, points, _, exact = problem(rng, n, m, d, kind, SCALES[name])
    found = np.empty((n, m), np.float32)
    with np.errstate(all="ignore"):
        product = PRODUCTS[name](weights, points)
        product.multiply(points, found)
    sizes = np.outer(
        *(np.linalg.norm(rows.astype(np.float64), axis=1) for rows in (weights, points))
    )
    bounds = product.relative_error * sizes + product.absolute_error
    for i, j in np.ndindex(n, m):
        if np.isfinite(found[i, j]):
            assert abs(Fraction(float(found[i, j])) - exact[i][j]) <= Fraction(float(bounds[i, j]))


def pixels(n_samples, input_dim):
    rng = np.random.default_rng(0)
    shape = (n_samples, input_dim)
    levels = rng.integers(256, size=shape) * (rng.random(shape) < 0.2)
    levels[0, 0] = 255
    return (levels / 255 / 17.179039).astype(np.float32)


def test_features_depend_neither_on_the_order_of_summation_nor_on_the_block():
    X, rng = pixels(600, 784), np.random.default_rng(1)
    weights = rng.standard_normal((900, 784), dtype=np.float32)
    # Every hyperplane runs next to a point, as rounding decides on which side.
    through = weights.astype(np.float64) @ X[rng.integers(600, size=900)].T.astype(np.float64)
    layer = FirstLayer(weights, -through.diagonal().astype(np.float32))

    def bits(order, rows, settled=True):
        class Summed(ExactSigns):
            def multiply(self, points, out):
                out[:] = weights[:, order] @ points[:, order].T

            def settle(self, *arguments):
                if settled:
                    super().settle(*arguments)

        return threshold_features(layer, X, [rows], Summed).unpacked(0)

    everything = np.arange(600)
    orders = [np.arange(784), np.arange(784)[::-1], rng.permutation(784)]
    plain = [bits(order, everything, settled=False) for order in orders]
    assert not np.array_equal(plain[0], plain[1])
    expected = threshold_features(layer, X, [everything]).unpacked(0)
    for order in orders:
        assert np.array_equal(bits(order, everything), expected)
    for row in (0, 17, 599):
        assert np.array_equal(bits(orders[0], np.array([row]))[0], expected[row])


def test_layers_that_share_weights_are_those_that_do_not():
    X, rng = pixels(200, 100), np.random.default_rng(2)
    weights = rng.standard_normal((300, 100), dtype=np.float32)
    near = -(weights @ X[:1].T)[:, 0]
    variants = []
    for shift in (0, 1e-8, -1e-8, 0.1):
        order = rng.permutation(300)
        variants.append((order, (near[order] + np.float32(shift)).astype(np.float32)))
    shared = shared_threshold_features(weights, variants, X, [np.arange(200)])
    for (order, biases), found in zip(variants, shared, strict=True):
        alone = threshold_features(FirstLayer(weights[order], biases), X, [np.arange(200)])
        assert np.array_equal(found.tiles, alone.tiles)


def test_pixels_are_recognised():
    X = pixels(50, 30)
    assert unit_of_levels(X) == pytest.approx(1 / 255 / 17.179039, rel=1e-6)
    assert unit_of_levels(X - X.mean(axis=0)) is None
    assert unit_of_levels(np.float32([[0.11, 0.3]])) is None
    assert unit_of_levels(np.zeros((3, 3), np.float32)) is None


@pytest.fixture
def much_done(monkeypatch, tmp_path):
    monkeypatch.setenv("MEMROB_CACHE", str(tmp_path))
    monkeypatch.setattr(products_module, "MUCH", 0)


@pytest.mark.parametrize(
    ("gain", "kind"), [(4.0, ShortParts), (1.1, SinglePrecision), (0.0, SinglePrecision)]
)
def test_the_product_that_was_measured_to_be_faster_is_taken(much_done, gain, kind):
    flops = speed.REFERENCE.matrix_flops
    speed.keep_speed(replace(speed.REFERENCE, short_flops=gain * flops))
    assert isinstance(product_of(np.ones((2, 5), np.float32), pixels(3, 5)), kind)


def test_without_a_measurement_products_are_in_single_precision(much_done):
    assert isinstance(product_of(np.ones((2, 5), np.float32), pixels(3, 5)), SinglePrecision)


def test_short_products_take_the_threads_that_blas_may(monkeypatch):
    taken = []
    monkeypatch.setattr(
        products_module, "short_product", lambda *arguments: taken.append(arguments[-1])
    )
    for threads in (1, 2):
        pools = [("openmp", 16), ("blas", threads)]
        pools = [{"user_api": api, "num_threads": number} for api, number in pools]
        monkeypatch.setattr(products_module, "threadpool_info", lambda pools=pools: pools)
        product = ShortParts(np.ones((2, 5), np.float32), pixels(3, 5))
        product.multiply(pixels(3, 5), np.empty((2, 3), np.float32))
    assert taken == [1, 2]


@pytest.mark.parametrize("centred", [False, True])
def test_short_products_give_the_same_features(much_done, centred):
    pytest.importorskip("torch")
    X, rng = pixels(300, 200), np.random.default_rng(3)
    if centred:
        X = (X - X.mean(axis=0)).astype(np.float32)
    weights = rng.standard_normal((400, 200), dtype=np.float32)
    layer = FirstLayer(weights, -(weights @ X[5]))
    expected = threshold_features(layer, X, [np.arange(300)]).tiles
    flops = speed.REFERENCE.matrix_flops
    speed.keep_speed(replace(speed.REFERENCE, short_flops=8 * flops))
    assert np.array_equal(threshold_features(layer, X, [np.arange(300)]).tiles, expected)
