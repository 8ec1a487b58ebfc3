"""The benchmark of the largest invariant network."""

from benchmarks.convolution import InvariantFit, as_row, invariant_lines
from benchmarks.peaks import Peaks


def found(memory):
    return InvariantFit(1000, 64, 64, 500, 10, 2.0, memory)


def peaks():
    return Peaks(popcount=1.0, bandwidth=1.0, matrix_product=100.0)


def test_the_ratio_is_to_the_products_with_all_shifts():
    # 2 * 1000 * 64 * 500 * 64 operations at 100 GFLOP/s.
    assert found(0).product_seconds(100.0) == 2 * 1000 * 64 * 500 * 64 / 1e11
    time, memory = invariant_lines(found(9 * 10**9), peaks())
    assert time.remark.startswith("0.0 x") and memory.met == "**no**"
    assert invariant_lines(found(10**9), peaks())[1].met == "yes"
    assert as_row(found(5))["memory"] == 5


def test_missing_points_are_a_line():
    (line,) = invariant_lines("MEMROB_DATA is not set", peaks())
    assert line.remark == "MEMROB_DATA is not set"
