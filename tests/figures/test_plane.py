import sys

import numpy as np

from memrob.interpolation import fit
from memrob.plots.colours import blended, neuron_colours
from memrob.plots.samples import picture
from memrob.plots.style import styled
from memrob.studies.interpolation.figures.boundary import boundary, regions
from memrob.studies.interpolation.figures.boundary_grid import FRAME_COLOUR, boundary_grid


class HalfPlane:
    candidates = np.array([0])

    def fires(self, X):
        return X[:, :1] > 0.5


def test_regions_are_rows_over_columns_with_the_same_spacing():
    found = regions(HalfPlane(), (0.0, 1.0, 0.0, 0.5), columns=101)
    assert found.fires.shape == (1, 50, 101)
    assert not found.fires[0][:, found.x <= 0.5].any()
    assert found.fires[0][:, found.x > 0.5].all()


def test_colours_are_distinct_for_any_number_of_neurons():
    for count in (0, 1, 7, 8, 40):
        colours = neuron_colours(count)
        assert colours.shape == (count, 3)
        assert ((colours >= 0) & (colours <= 1)).all()
        assert len(np.unique(colours.round(3), axis=0)) == count


def test_overlaps_are_darker_and_the_rest_is_white():
    weights = np.array([[True, True, False], [False, True, False]])
    seen = blended(np.array([[1.0, 0, 0], [0, 0, 1.0]]), weights, 0.5)
    np.testing.assert_allclose(seen, [[1, 0.5, 0.5], [0.5, 0.25, 0.75], [1, 1, 1]])


def test_colour_planes_come_last():
    values = np.arange(12) / 12
    assert picture(values, (3, 2, 2)).shape == (2, 2, 3)
    assert picture(values, (3, 2, 2))[0, 1].tolist() == [1 / 12, 5 / 12, 9 / 12]
    assert picture(values, (3, 4)).shape == (3, 4)


def test_stars_lie_on_the_points_that_made_the_neurons(planar, quick_fit):
    X, y = planar
    with styled():
        (panel,) = boundary(X, y, first_width=30, max_bias=1.0, seed=0).axes
    stars = [line.get_xydata()[0] for line in panel.lines if line.get_marker() == "*"]
    np.testing.assert_array_equal(stars, X[np.flatnonzero(y == 1)[:3]])
    assert "interpolates" in panel.get_title() and "= 3" in panel.get_title()


def test_regions_of_a_fitted_network_hold_its_points(planar):
    X, y = planar
    network = fit(X, y, first_width=400, max_bias=1.0, seed=0)
    assert network.interpolates
    with styled():
        (panel,) = boundary(X, y, first_width=400, max_bias=1.0, seed=0).axes
    picture = panel.images[0].get_array()
    left, right, bottom, top = panel.images[0].get_extent()
    rows = ((X[:, 1] - bottom) / (top - bottom) * picture.shape[0]).astype(int)
    columns = ((X[:, 0] - left) / (right - left) * picture.shape[1]).astype(int)
    coloured = (np.asarray(picture)[rows, columns] < 1).any(axis=1)
    assert coloured.tolist() == (y == 1).tolist()


def test_thinned_points_are_said_to_be_thinned(planar, quick_fit, monkeypatch):
    monkeypatch.setattr(sys.modules["memrob.studies.interpolation.figures.boundary"], "SHOWN", 15)
    with styled():
        figure = boundary(*planar, first_width=30, max_bias=1.0, seed=0)
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert sum(len(line.get_xdata()) for line in dots) == 14
    (legend,) = figure.legends
    texts = [text.get_text() for text in legend.get_texts()]
    assert all("1 in 3 shown" in text for text in texts[:2])


def test_the_longest_legend_fits(planar, quick_fit, monkeypatch):
    monkeypatch.setattr(sys.modules["memrob.studies.interpolation.figures.boundary"], "SHOWN", 10)
    X, y = np.tile(planar[0], (50, 1)), np.tile(planar[1], 50)
    with styled():
        figure = boundary(X, y, first_width=30, max_bias=1.0, seed=0)
        figure.draw_without_rendering()
    (legend,) = figure.legends
    assert "1 in 200 shown" in legend.get_texts()[0].get_text()
    box = legend.get_window_extent()
    assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0


def test_interpolating_panels_alone_are_framed(planar, quick_fit):
    with styled():
        figure = boundary_grid(
            *planar, first_widths=[10, 40], max_biases=[0, 0.5, 1], seed=0, n_samples=30
        )
    framed = [axes.spines["left"].get_edgecolor()[:3] == rgb(FRAME_COLOUR) for axes in figure.axes]
    assert framed == [False, True, True] * 2
    assert [axes.texts[0].get_text()[-1] for axes in figure.axes] == ["1"] * 3 + ["4"] * 3


def rgb(colour):
    from matplotlib.colors import to_rgb

    return to_rgb(colour)
