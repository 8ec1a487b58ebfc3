"""Alternating points: as many neurons as X- has points, whatever the hyperplanes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.complexity.alternating import alternating_points
from memrob.errors import UserError
from memrob.interpolation import fit


def test_points_alternate_at_equal_distances():
    X, y = alternating_points(3, input_dim=5, gap=0.5)
    assert y.tolist() == [0, 1, 0, 1, 0, 1, 0]
    np.testing.assert_allclose(np.linalg.norm(np.diff(X, axis=0), axis=1), 0.5, rtol=1e-6)
    np.testing.assert_allclose(X[3], 0)
    assert np.linalg.matrix_rank(X) == 1


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 12), st.integers(1, 6), st.sampled_from([1.0, 3.0]), st.integers(0, 999))
def test_interpolating_networks_have_a_neuron_for_every_point(n_minus, dim, spread, seed):
    X, y = alternating_points(n_minus, dim, gap=1 / n_minus)
    network = fit(X, y, first_width=400, max_bias=spread, seed=seed, adaptive=True)
    assert network.interpolates
    assert network.second_width == n_minus


@pytest.mark.parametrize("arguments", [(0,), (3, 0), (3, 2, 0.0), (3, 2, float("nan"))])
def test_arguments_that_are_not_positive(arguments):
    with pytest.raises(UserError, match="all must be positive"):
        alternating_points(*arguments)
