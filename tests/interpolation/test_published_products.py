"""Products near zero, summed in the published order: against exact fractions, and portable."""

from fractions import Fraction

import numba
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from memrob.interpolation import published_products as products
from memrob.interpolation.first_layer import FirstLayer, threshold_features

quick = settings(deadline=None, max_examples=60)
singles = st.floats(-1e6, 1e6, width=32)


def nearest_single(exact):
    """The float32 nearest to a fraction, the even one of two."""
    guess = np.float32(float(exact))
    close = [np.nextafter(guess, np.float32(end)) for end in (-np.inf, np.inf)] + [guess]
    odd = [int(value.view(np.int32)) % 2 for value in close]
    distance = [abs(Fraction(float(value)) - exact) for value in close]
    return close[min(range(3), key=lambda k: (distance[k], odd[k]))]


def fused(a, b, c):
    return nearest_single(Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c)))


def summed_in_parts(weight, point, ends):
    """The twin: parts by fused multiply-adds from zero, then their sums one after the other."""
    total = np.float32(0)
    for begin, end in zip([0, *ends[:-1]], ends, strict=True):
        part = np.float32(0)
        for i in range(begin, end):
            part = fused(weight[i], point[i], part)
        total = np.float32(total + part)
    return total


kernel_fused = numba.njit(lambda a, b, c: products.fused_multiply_add(a, b, c))


@quick
@example(1 + 2.0**-12, 2.0**-15 * (1 - 2.0**-12 + 2.0**-24), 512.0)
@given(singles, singles, singles)
def test_fused_multiply_add_rounds_once(a, b, c):
    a, b, c = np.float32([a, b, c])
    assert kernel_fused(a, b, c) == fused(a, b, c)


def test_a_product_in_float64_would_round_twice():
    a, b, c = np.float32([1 + 2.0**-12, 2.0**-15 * (1 - 2.0**-12 + 2.0**-24), 512])
    twice = np.float32(np.float64(a) * np.float64(b) + np.float64(c))
    assert fused(a, b, c) == np.nextafter(np.float32(512), np.float32(np.inf)) != twice


@quick
@given(st.integers(1, 6), st.integers(1, 5), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_settle(n, m, d, seed):
    rng = np.random.default_rng(seed)
    weights = rng.standard_normal((n, d), dtype=np.float32)
    points = rng.random((m, d), dtype=np.float32)
    # Each bias is near minus one of the products, within the tolerance or not.
    plain = weights @ points.T
    shift = rng.choice([0, 1e-7, -3e-6, 9.9e-6, 1e-4], size=n)
    biases = (shift - plain[np.arange(n), rng.integers(m, size=n)]).astype(np.float32)
    ends = np.unique([*rng.integers(1, d + 1, size=2), d])
    tolerance = np.float32(1e-5)
    near = np.abs(plain + biases[:, None]) < tolerance
    expected = plain.copy()
    for i, j in zip(*np.nonzero(near), strict=True):
        expected[i, j] = summed_in_parts(weights[i], points[j], ends)
    found = plain.copy()
    products.settle(found, weights, points, biases, tolerance, ends)
    assert found.tobytes() == expected.tobytes()


@pytest.mark.parametrize(
    ("n_terms", "ends"),
    [
        (2, [2]),
        (448, [448]),
        (449, [224, 449]),
        (784, [400, 784]),
        (895, [448, 895]),
        (896, [448, 896]),
        (1000, [448, 736, 1000]),
        (3072, [*range(320, 2561, 320), 2816, 3072]),
    ],
)
def test_depths_are_cut_as_in_the_published_trials(n_terms, ends):
    assert products.part_ends(n_terms).tolist() == ends


@given(st.integers(1, 20_000))
def test_parts_fit_and_cover_all_terms(n_terms):
    lengths = np.diff(products.part_ends(n_terms), prepend=0)
    assert lengths.sum() == n_terms
    assert 0 < lengths.min() <= lengths.max() <= products.LONGEST_PART


def test_features_do_not_depend_on_the_order_of_summation():
    rng = np.random.default_rng(0)
    pixels = rng.integers(256, size=(600, 784)) * (rng.random((600, 784)) < 0.2)
    X = (pixels / 255 / 17.179039).astype(np.float32)
    weights = rng.standard_normal((900, 784), dtype=np.float32)
    # Every hyperplane runs next to a point, as rounding decides on which side.
    biases = -(weights.astype(np.float64) @ X[rng.integers(600, size=900)].T.astype(np.float64))
    biases = biases.diagonal().astype(np.float32)
    orders = [np.arange(784), np.arange(784)[::-1], rng.permutation(784)]
    layer, classes = FirstLayer(weights, biases), [np.arange(600)]

    def tiles(order, settled):
        class Summed(products.PublishedSigns):
            def multiply(self, points, out):
                out[:] = weights[:, order] @ points[:, order].T

            def settle(self, *arguments):
                if settled:
                    super().settle(*arguments)

        return threshold_features(layer, X, classes, Summed).tiles

    as_summed = [tiles(order, settled=False) for order in orders]
    assert not np.array_equal(as_summed[0], as_summed[1])
    published = threshold_features(layer, X, classes, products.PublishedSigns).tiles
    for order in orders:
        assert np.array_equal(tiles(order, settled=True), published)
