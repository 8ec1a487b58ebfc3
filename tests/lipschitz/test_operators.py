"""Linear operators against their matrices, and networks of them against autodiff and torch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.lipschitz.operators.activations import Activation, activation_named
from memrob.lipschitz.operators.convolution import Convolution, Geometry
from memrob.lipschitz.operators.linear import Dense, Diagonal, Selection
from memrob.lipschitz.operators.merging import merged


@st.composite
def convolutions(draw):
    """Any convolution whose kernel fits its padded input."""
    groups = draw(st.integers(1, 3))
    size = draw(st.tuples(st.integers(1, 7), st.integers(1, 7)))
    strides = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    dilations = draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    pads = draw(st.tuples(*[st.integers(0, 3)] * 4))
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    geometry = Geometry(size, strides, dilations, pads)
    if min(geometry.output_size(kernel)) < 1:
        kernel = (1, 1)
    shape = (groups * draw(st.integers(1, 3)), draw(st.integers(1, 3)), *kernel)
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    return Convolution(rng.standard_normal(shape), geometry, groups)


@settings(deadline=None, max_examples=60)
@given(convolutions())
def test_convolution_is_its_matrix(operator):
    matrix = operator.dense()
    assert matrix.shape == operator.shape
    rng = np.random.default_rng(0)
    X, Y = (rng.standard_normal((3, n)) for n in operator.shape[::-1])
    np.testing.assert_allclose(operator.forward(X), X @ matrix.T, atol=1e-12)
    np.testing.assert_allclose(operator.adjoint(Y), Y @ matrix, atol=1e-12)
    np.testing.assert_array_equal(operator.absolute().dense(), np.abs(matrix))
    assert (matrix != 0).sum(axis=1).max() <= operator.terms[0]
    assert (matrix != 0).sum(axis=0).max() <= operator.terms[1]


@settings(deadline=None, max_examples=40)
@given(convolutions())
def test_convolution_is_that_of_torch(operator):
    torch = pytest.importorskip("torch")
    top, left, bottom, right = operator.geometry.pads
    X = np.random.default_rng(0).standard_normal((2, operator.in_channels, *operator.geometry.size))
    expected = torch.nn.functional.conv2d(
        torch.nn.functional.pad(torch.from_numpy(X), (left, right, top, bottom)),
        torch.from_numpy(operator.kernel),
        stride=operator.geometry.strides,
        dilation=operator.geometry.dilations,
        groups=operator.groups,
    )
    found = operator.forward(X.reshape(2, -1))
    np.testing.assert_allclose(found, expected.numpy().reshape(2, -1), atol=1e-12)


def singular(matrix):
    return np.linalg.norm(matrix, 2)


@settings(deadline=None, max_examples=80)
@given(convolutions())
def test_norms_of_convolutions_are_upper_bounds(operator):
    matrix, norms = operator.dense(), operator.norms
    size = np.abs(matrix)
    assert norms.column_sum == pytest.approx(size.sum(axis=0).max(), rel=1e-12)
    assert norms.row_sum == pytest.approx(size.sum(axis=1).max(), rel=1e-12)
    assert norms.largest_column == pytest.approx(np.linalg.norm(matrix, axis=0).max(), rel=1e-12)
    assert norms.spectral >= singular(matrix) * (1 - 1e-13)
    assert norms.spectral <= np.sqrt(norms.column_sum * norms.row_sum) * (1 + 1e-12)


@pytest.mark.parametrize("stride", [1, 2])
def test_spectral_norm_of_a_convolution_is_close(stride):
    kernel = np.random.default_rng(0).standard_normal((4, 3, 3, 3))
    operator = Convolution(kernel, Geometry((12, 12), (stride, stride), (1, 1), (1, 1, 1, 1)))
    exact = singular(operator.dense())
    assert exact <= operator.norms.spectral <= 1.05 * exact


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_spectral_norm_of_any_scale(scale):
    kernel = np.random.default_rng(0).standard_normal((2, 2, 3, 3))
    one = Convolution(kernel, Geometry((5, 5))).norms.spectral
    assert Convolution(scale * kernel, Geometry((5, 5))).norms.spectral == pytest.approx(
        scale * one
    )
    assert Convolution(0 * kernel, Geometry((5, 5))).norms.spectral == 0


@pytest.mark.parametrize(
    "operator",
    [
        Dense(np.random.default_rng(0).standard_normal((3, 5))),
        Diagonal(np.array([2.0, -3.0, 0.5])),
        Selection(np.array([2, 0, 1]), 3),
        Selection(np.array([1, 1, 3, 1]), 4),
    ],
)
def test_simple_operators(operator):
    matrix = operator.dense()
    X, Y = (np.random.default_rng(1).standard_normal((2, n)) for n in matrix.shape[::-1])
    np.testing.assert_allclose(operator.forward(X), X @ matrix.T)
    np.testing.assert_allclose(operator.adjoint(Y), Y @ matrix)
    norms, size = operator.norms, np.abs(matrix)
    assert norms.spectral == pytest.approx(singular(matrix), rel=1e-7)
    assert norms.column_sum == pytest.approx(size.sum(axis=0).max())
    assert norms.row_sum == pytest.approx(size.sum(axis=1).max())
    assert norms.largest_column == pytest.approx(np.linalg.norm(matrix, axis=0).max())


@settings(deadline=None, max_examples=30)
@given(convolutions(), st.integers(0, 100))
def test_merged_operators_are_products(operator, seed):
    rng = np.random.default_rng(seed)
    out, inner = operator.shape
    outputs = np.repeat(rng.standard_normal(operator.out_channels), np.prod(operator.out_size))
    inputs = np.repeat(rng.standard_normal(operator.in_channels), np.prod(operator.geometry.size))
    pairs = [
        (Diagonal(outputs), operator),
        (operator, Diagonal(inputs)),
        (Dense(rng.standard_normal((2, out))), operator),
        (operator, Dense(rng.standard_normal((inner, 2)))),
        (operator, Selection(np.arange(inner), inner)),
        (Selection(np.arange(out), out), operator),
        (Selection(rng.permutation(out), out), Selection(rng.permutation(out), out)),
        (Diagonal(outputs), Diagonal(outputs)),
        (Diagonal(outputs), Dense(rng.standard_normal((out, 3)))),
    ]
    for second, first in pairs:
        found, _ = merged(second, first, 1e6)
        np.testing.assert_allclose(found.dense(), second.dense() @ first.dense(), atol=1e-11)


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "leaky_relu:0.2", "leaky_relu:-0.5"])
def test_derivatives_and_their_ends(name):
    activation = activation_named(name)
    z = np.linspace(-30, 30, 4001) + 1e-4
    numeric = (activation(z + 1e-5) - activation(z - 1e-5)) / 2e-5
    np.testing.assert_allclose(activation.derivatives(z), numeric, atol=1e-8)
    low, high = activation.slopes
    found = activation.derivatives(z)
    assert found.min() >= low - 1e-15
    assert found.max() <= high + 1e-15
    assert high - found.max() < 1e-6
    assert np.isfinite(activation.derivatives(np.array([-1e308, 0, 1e308]))).all()


@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
def test_derivatives_change_no_faster_than_allowed(name):
    activation, z = activation_named(name), np.linspace(-4, 4, 100001)
    found = activation.derivatives(z)
    steepest = (np.abs(np.diff(found)) / np.diff(z)).max()
    allowed = activation.derivative_errors(np.zeros(1), np.ones(1))[0]
    assert 0.99 * allowed <= steepest <= allowed
    assert isinstance(activation, Activation)
