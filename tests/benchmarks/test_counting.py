"""The benchmark of counting measures both kernels on the same candidates."""

from benchmarks import counting


def test_both_kernels_are_measured():
    found = counting.measure_counting([70], blocks=(1, 8))
    assert [(c.first_width, c.block) for c in found] == [(70, 1), (70, 8)]
    assert min(min(c.tiled, c.sliced, c.slicing) for c in found) > 0
    lines = counting.counting_lines(found)
    assert all(line.measured.endswith(" x") and "µs a candidate" in line.remark for line in lines)
    assert counting.as_row(found[0])["group"] == "counting"
