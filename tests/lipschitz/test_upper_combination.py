"""Bounds at one p from bounds at others."""

import numpy as np
import pytest
from all_patterns import PS
from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.upper.combination import combined


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(1, 8),
    st.lists(st.sampled_from(PS), min_size=1, unique=True),
)
def test_valid_for_sets_of_gradients(seed, dim, known):
    """From the exact suprema over a set of vectors nothing below a supremum may follow."""
    rng = np.random.default_rng(seed)
    vectors = rng.standard_cauchy((rng.integers(1, 4), dim))
    exact = {p: float(norm(vectors, conjugate(p)).max()) for p in PS}
    found = combined({p: exact[p] for p in known}, PS, dim)
    for p in PS:
        assert found[p] >= exact[p] * (1 - 1e-13)
        if p in known:
            assert found[p] == pytest.approx(exact[p])


def test_by_hand():
    found = combined({1.0: 1.0, 2.0: np.nan, np.inf: 16.0}, [1.0, 2.0, 4.0, np.inf], 100)
    assert found == pytest.approx({1.0: 1.0, 2.0: 4.0, 4.0: 8.0, np.inf: 16.0})
    assert combined({2.0: 3.0}, [1.0, np.inf], 4) == pytest.approx({1.0: 3.0, np.inf: 6.0})
    assert combined({1.0: 1.0, np.inf: 1e6}, [np.inf], 4)[np.inf] == pytest.approx(4)
    assert combined({}, [1.5], 4) == {1.5: np.inf}


def test_least_bounds_are_consistent():
    """Monotone, of growth at most d^{1/p - 1/q}, and log-convex in 1/p."""
    rng = np.random.default_rng(0)
    inverse = np.array([1 / p for p in PS])
    for _ in range(50):
        sizes = np.exp(rng.normal(0, 1, len(PS)))
        found = combined(dict(zip(PS, sizes, strict=True)), PS, 6)
        logs = np.log([found[p] for p in PS])
        slopes = np.diff(logs) / -np.diff(inverse)
        assert (slopes >= -1e-9).all()
        assert (slopes <= np.log(6) + 1e-9).all()
        assert (np.diff(slopes) >= -1e-9).all()
