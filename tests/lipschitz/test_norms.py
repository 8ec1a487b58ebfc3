import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from memrob.errors import UserError
from memrob.lipschitz.norms import checked_p, conjugate, dual_vector, norm

EXPONENTS = st.one_of(st.floats(1, 50), st.just(math.inf))
VECTORS = arrays(
    np.float64, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=st.floats(-1e3, 1e3)
)


@given(EXPONENTS)
def test_conjugate_exponents(p):
    q = conjugate(p)
    assert 1 / p + 1 / q == pytest.approx(1)
    assert conjugate(q) == pytest.approx(p, rel=1e-6) or p > 1e6


@given(VECTORS, EXPONENTS)
def test_norm_is_the_one_of_numpy(vectors, q):
    expected = np.linalg.norm(vectors, ord=q, axis=-1)
    found = norm(vectors, q)
    assert np.isfinite(found).all()
    # NumPy's own sum of powers over- and underflows.
    certain = np.isfinite(expected) & ((expected > 1e-3) | (found == 0))
    assert found[certain] == pytest.approx(expected[certain], rel=1e-9)


def test_norm_of_sizes_whose_powers_overflow():
    assert norm(np.array([3e200, 4e200]), 2) == pytest.approx(5e200)
    assert norm(np.array([3e-200, 4e-200]), 2) == pytest.approx(5e-200)


@given(VECTORS, st.one_of(st.floats(1, 30), st.just(1.0), st.just(math.inf)))
def test_dual_vector_attains_the_norm(vectors, p):
    dual = dual_vector(vectors, p)
    reached = (dual * vectors).sum(axis=-1)
    wanted = norm(vectors, conjugate(p))
    assert reached == pytest.approx(wanted, rel=1e-6, abs=1e-12)
    lengths = norm(dual, p)
    assert (lengths <= 1 + 1e-9).all()
    assert lengths[np.abs(vectors).max(axis=-1) > 1e-9] == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize("p", ["inf", 1, "1.5", math.inf])
def test_exponents_that_are_taken(p):
    assert checked_p(p) == float(p)


@pytest.mark.parametrize("p", [0.5, "0.99", -1, "two", "nan", None, -math.inf])
def test_exponents_that_are_refused(p):
    with pytest.raises(UserError, match=r"p: is .*; it must be a number of at least 1, or inf"):
        checked_p(p)
