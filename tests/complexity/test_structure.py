"""Points in subspaces and sparse points, as Remark 12 of [M] speaks of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.complexity.profile import complexity
from memrob.complexity.structure import RADIUS, structured_points
from memrob.errors import UserError


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 60),
    st.integers(1, 12),
    st.sampled_from(["dimensional", "sparse"]),
    st.data(),
)
def test_points_have_the_structure(seed, n_minus, input_dim, kind, data):
    size = data.draw(st.integers(1, input_dim))
    rng = np.random.default_rng(seed)
    X, plus = structured_points(rng, f"{size}-{kind}", n_minus, input_dim)
    assert X.shape == (n_minus, input_dim) and plus.shape == (input_dim,)
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), RADIUS, rtol=1e-5)
    assert np.linalg.norm(plus) == pytest.approx(1, rel=1e-6)
    if kind == "sparse":
        assert (np.count_nonzero(X, axis=1) == size).all()
    else:
        assert np.linalg.matrix_rank(X, tol=1e-4) <= size


def test_dense_points_span_the_space():
    X, _ = structured_points(np.random.default_rng(0), "dense", 100, 8)
    assert np.linalg.matrix_rank(X) == 8


@pytest.mark.parametrize("structure", ["2-dimensional", "1-sparse", "dense"])
def test_one_ball_covers_them_and_omega_is_below_what_the_dimension_allows(structure):
    X, plus = structured_points(np.random.default_rng(4), structure, 500, 10)
    y = np.append(np.ones(500, dtype=int), 0)
    found = complexity(np.concatenate([X, plus[None]]), y, 1.0, draws=500).classes[0]
    assert found.M_minus == 1
    size = 10 if structure == "dense" else int(structure[0])
    # Components lie in a ball of radius 2 r around their centre, and E |g| is at most sqrt(k).
    if structure != "1-sparse":
        assert found.omega.value <= 4 * RADIUS**2 * size / found.centre_separation**3
    assert found.omega.value > 0


@pytest.mark.parametrize(
    ("structure", "message"),
    [("round", "is 'round'"), ("0-sparse", "is '0-sparse'"), ("9-dimensional", "is 8 only")],
)
def test_other_structures_are_refused(structure, message):
    with pytest.raises(UserError, match=message):
        structured_points(np.random.default_rng(0), structure, 5, 8)
