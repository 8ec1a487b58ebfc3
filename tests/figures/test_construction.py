"""The construction drawn step by step, against the network that it shows."""

import numpy as np
import pytest

from memrob.complexity.covering import mutual_covering
from memrob.data.catalogue import build
from memrob.errors import UserError
from memrob.interpolation import fit
from memrob.plots.style import styled
from memrob.studies.interpolation.figures.construction import STEPS, construction

OPTIONS = {"n_samples": 60, "first_width": 40, "max_bias": 1.0, "seed": 0}


@pytest.fixture(scope="module")
def points():
    X, y = build("moons")
    return X[:60], y[:60]


def drawn(step, X, y, **changes):
    with styled():
        return construction(X, y, step=step, **(OPTIONS | changes))


def network_of(X, y):
    return fit(X, y, first_width=40, max_bias=1.0, seed=0)


def test_balls_are_those_of_the_covering(points):
    X, y = points
    axes = drawn("covering", X, y).axes[0]
    covering = mutual_covering(X[y == 1], X[y == 0], 1.0)
    radii = [patch.get_radius() for patch in axes.patches if not patch.get_fill()]
    assert sorted(radii) == sorted([*covering.minus.radii, *covering.plus.radii])


def test_a_line_for_each_hyperplane_on_which_it_is_zero(points):
    X, y = points
    layer = network_of(X, y).layer
    lines = [
        line for line in drawn("hyperplanes", X, y).axes[0].lines if len(line.get_xdata()) == 2
    ]
    assert len(lines) == 40
    for line, weights, bias in zip(lines, layer.weights, layer.biases, strict=True):
        ends = np.column_stack(line.get_data())
        np.testing.assert_allclose(ends @ weights + bias, 0, atol=1e-5)


def test_features_are_those_of_the_layer(points):
    X, y = points
    layer = network_of(X, y).layer
    sides = drawn("features", X, y).axes[0].images[0].get_array()
    order = np.concatenate([np.flatnonzero(y == 1), np.flatnonzero(y == 0)])
    expected = X[order].astype(float) @ layer.weights.T + layer.biases > 0
    np.testing.assert_array_equal(sides, expected)


def test_each_panel_adds_a_neuron_and_strikes_out_what_it_covers(points):
    X, y = points
    detector = network_of(X, y).detectors[0]
    fired = detector.fires(X)
    panels = drawn("selection", X, y).axes
    for count, axes in enumerate(panels, start=1):
        stars = [line.get_xydata()[0] for line in axes.lines if line.get_marker() == "*"]
        np.testing.assert_array_equal(stars, X[detector.candidates[:count]])
        (struck,) = (line for line in axes.lines if line.get_color() == "white")
        assert len(struck.get_xdata()) == fired[:, :count].any(axis=1).sum()


@pytest.mark.parametrize("step", STEPS)
def test_a_network_without_neurons_is_drawn(step, points):
    assert drawn(step, *points, first_width=1).axes


def test_mistakes_are_named(points):
    X, y = points
    with pytest.raises(UserError, match="step: is 'paint'"):
        drawn("paint", X, y)
    with pytest.raises(UserError, match="expected dimension 2"):
        drawn("covering", np.zeros((60, 3), np.float32), y)
