from itertools import pairwise

import numpy as np

from memrob.plots.outline import cell_edges, region_outline

EDGES = np.arange(5.0)


def length(lines):
    return sum(np.abs(np.diff(line, axis=0)).sum() for line in lines)


def test_edges_lie_half_way_between_centres_that_are_not_equispaced():
    np.testing.assert_allclose(cell_edges([0, 1, 4]), [-0.5, 0.5, 2.5, 5.5])
    np.testing.assert_allclose(cell_edges([7]), [6.5, 7.5])


def test_outline_of_one_inner_cell_is_a_closed_square():
    inside = np.zeros((4, 4), bool)
    inside[1, 2] = True
    (line,) = region_outline(inside, EDGES, EDGES)
    assert np.array_equal(line[0], line[-1])
    assert {tuple(point) for point in line} == {(2, 1), (3, 1), (3, 2), (2, 2)}


def test_outline_of_a_staircase_is_one_line_without_the_rim():
    inside = np.zeros((4, 4), bool)
    inside[1:, 0] = inside[2:, 1] = inside[3:, 2] = True
    (line,) = region_outline(inside, EDGES, EDGES)
    ends = {tuple(line[0]), tuple(line[-1])}
    assert ends == {(0, 1), (3, 4)}
    assert length([line]) == 6


def test_outline_uses_the_given_edges():
    inside = np.array([[False, True]])
    (line,) = region_outline(inside, np.array([0.0, 0.3, 2.0]), np.array([10.0, 30.0]))
    np.testing.assert_allclose(sorted(line.tolist()), [[0.3, 10], [0.3, 30]])


def test_every_border_is_drawn_exactly_once():
    inside = np.random.default_rng(0).random((9, 12)) < 0.5
    lines = region_outline(inside, np.arange(13.0), np.arange(10.0))
    borders = (inside[:, 1:] != inside[:, :-1]).sum() + (inside[1:] != inside[:-1]).sum()
    assert length(lines) == borders
    drawn = [tuple(sorted([tuple(a), tuple(b)])) for line in lines for a, b in pairwise(line)]
    assert len(set(drawn)) == len(drawn) == borders


def test_nothing_or_everything_inside_has_no_outline():
    assert region_outline(np.zeros((3, 3), bool), EDGES[:4], EDGES[:4]) == []
    assert region_outline(np.ones((3, 3), bool), EDGES[:4], EDGES[:4]) == []
