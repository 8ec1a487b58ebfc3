"""Numbers of eight bits against torch's own, and their products against float64."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memrob.numerics import bfloat16

torch = pytest.importorskip("torch")

SINGLES = st.floats(-(2.0**100), 2.0**100, width=32)


@given(st.lists(SINGLES, min_size=1, max_size=30))
def test_rounded_as_torch_rounds(values):
    values = np.float32(values)
    expected = torch.from_numpy(values).bfloat16().float().numpy()
    assert np.array_equal(bfloat16.rounded_to_short(values), expected)


@given(st.lists(SINGLES, min_size=1, max_size=30))
def test_two_parts_are_close(values):
    values = np.float32(values)
    first, second = bfloat16.short_parts(values)
    for part in (first, second):
        assert np.array_equal(part, bfloat16.rounded_to_short(part))
    rest = np.abs(values.astype(np.float64) - first - second)
    assert (rest <= bfloat16.SHORT_ROUNDING**2 * np.abs(values) + bfloat16.LEAST).all()


def test_products_are_summed_in_single_precision():
    rng = np.random.default_rng(0)
    weights, points = (
        bfloat16.rounded_to_short(rng.standard_normal((n, 1000)).astype(np.float32))
        for n in (300, 200)
    )
    exact = weights.astype(np.float64) @ points.T.astype(np.float64)
    out = np.empty((300, 200), np.float32)
    before = torch.backends.mkldnn.matmul.fp32_precision
    bfloat16.short_product(weights, points, out, threads=1)
    assert torch.backends.mkldnn.matmul.fp32_precision == before
    # A product that is returned in bfloat16 would be off by 0.1.
    assert np.abs(out - exact).max() < 1e-3
