import numpy as np
import pytest
from matplotlib.figure import Figure

from memrob.numerics.statistics import Line, mean_interval
from memrob.plots.means import draw_means

RNG = np.random.default_rng(0)
LINE = Line(np.array([1.0, 2, 4]), [RNG.normal(k, 1, n) for k, n in [(1, 1), (2, 4), (3, 20)]])


@pytest.fixture
def axes():
    return Figure().subplots()


def test_the_line_goes_through_the_means_and_the_band_through_their_intervals(axes):
    draw_means(axes, LINE, "#0072B2", label="networks")
    (line,), (band,) = axes.lines, axes.collections
    np.testing.assert_allclose(line.get_xydata(), np.column_stack([LINE.x, LINE.means]))
    drawn = np.concatenate([path.vertices for path in band.get_paths()])
    for x, values in zip(LINE.x[1:], LINE.samples[1:], strict=True):
        for end in mean_interval(values):
            assert np.isclose(drawn, (x, end)).all(axis=1).any()
    assert not np.isfinite(drawn[drawn[:, 0] == 1, 1]).any()
    assert axes.get_legend_handles_labels()[1] == ["networks"]


def test_bars_stand_for_the_same_intervals(axes):
    draw_means(axes, LINE, "#0072B2", bars=True)
    (bars,) = axes.containers[0].lines[2]
    ends = [segment[:, 1] for segment in bars.get_segments() if len(segment)]
    np.testing.assert_allclose(ends, [mean_interval(values) for values in LINE.samples[1:]])


def test_a_logarithmic_axis_changes_no_mean_and_no_interval(axes):
    positive = Line(LINE.x, [np.exp(values) for values in LINE.samples])
    draw_means(axes, positive, "#0072B2")
    axes.set_yscale("log")
    draw_means(axes, positive, "#0072B2")
    first, second = axes.lines
    np.testing.assert_allclose(second.get_ydata(), first.get_ydata())
    extents = [band.get_paths()[0].get_extents().get_points() for band in axes.collections]
    np.testing.assert_allclose(*extents)


def test_panels_that_share_an_axis_keep_the_labels_that_they_are_given():
    panels = Figure().subplots(2, 2, sharex=True, sharey=True).ravel()
    for panel in panels:
        draw_means(panel, LINE, "#0072B2")
        assert (panel.get_xlabel(), panel.get_ylabel()) == ("", "")
        panel.set(xlabel="n", ylabel="width")
    assert all(axis.label.get_visible() for panel in panels for axis in (panel.xaxis, panel.yaxis))
