import numpy as np
import pandas as pd
import pytest

from memrob.errors import UserError
from memrob.plots.style import styled
from memrob.studies.interpolation.figures.slices import published_curve, slices, trial_curve


def legend_texts(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def drawn(trials, published, at, quantity="interpolated"):
    with styled():
        return slices(trials, published, quantity=quantity, x="first_width", by="max_bias", at=at)


def test_curve_has_means_and_tells_where_interpolation_is_certain(trials):
    curve = trial_curve(trials, "interpolated", "first_width", "max_bias", 0.5)
    assert curve.x.tolist() == [10, 30, 60]
    assert curve.mean.tolist() == [0, 1, 1]
    assert curve.reached.tolist() == [False, True, True]
    assert not trial_curve(trials, "interpolated", "first_width", "max_bias", 0).reached.any()


def test_markers_of_widths_are_where_interpolation_is_certain_and_nowhere_else(trials):
    figure = drawn(trials, None, [0, 0.5], "second_width")
    marked = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    marks = [line.get_xdata() for line in marked]
    assert [len(places) for places in marks] == [0, 2]
    # Bars of curves side by side stand a little aside of their place.
    np.testing.assert_allclose(marks[1], [30, 60], atol=0.3)
    assert r"probability $\geq$ 0.99" in legend_texts(figure)
    probability = drawn(trials, None, [0, 0.5])
    assert not any("geq" in text for text in legend_texts(probability))


def test_values_are_found_up_to_rounding(trials):
    trials = trials.assign(max_bias=trials["max_bias"] * 0.3 / 0.5 + 1e-17)
    assert 0.1 * 3 != 0.3
    curve = trial_curve(trials, "second_width", "first_width", "max_bias", 0.1 * 3)
    chosen = trials[np.isclose(trials["max_bias"], 0.3)]
    expected = chosen.groupby("first_width")["second_width"].mean()
    np.testing.assert_allclose(curve.mean, expected)


def twice(trials):
    """As many restarts again, so that intervals are bands."""
    again = trials.assign(restart=trials["restart"] + trials["restart"].max() + 1)
    return pd.concat([trials, again], ignore_index=True)


def bands(figure):
    return [band.get_paths()[0].get_extents() for band in figure.axes[0].collections]


def test_bands_hold_the_means_and_are_the_same_each_time(trials):
    trials = twice(trials)
    first, again = (bands(drawn(trials, None, [0.5], "second_width"))[0] for _ in range(2))
    mean = trial_curve(trials, "second_width", "first_width", "max_bias", 0.5).mean
    assert first.y0 < mean.min() and mean.max() < first.y1
    np.testing.assert_array_equal(first.get_points(), again.get_points())


def test_a_probability_that_every_trial_agrees_on_has_an_exact_band(trials):
    trials = twice(trials)
    (band,) = bands(drawn(trials, None, [0.5]))
    restarts = trials["restart"].nunique()
    # (1 - level) / 2 = q^restarts, from above at probability 0 and from below at probability 1.
    assert (band.y0, band.y1) == (0, 1)
    vertices = drawn(trials, None, [0.5]).axes[0].collections[0].get_paths()[0].vertices
    assert np.isclose(vertices[:, 1], 0.025 ** (1 / restarts)).any()


def test_single_trials_have_no_band(trials):
    single = trials[trials["restart"] == 0]
    assert not any("confidence" in text for text in legend_texts(drawn(single, None, [0.5])))
    (band,) = drawn(single, None, [0.5]).axes[0].collections
    assert not any(np.isfinite(path.vertices).any() for path in band.get_paths())


def test_intervals_of_few_restarts_are_bars_side_by_side(trials):
    figure = drawn(trials, None, [0, 0.5])
    assert "95% confidence interval" in legend_texts(figure)
    assert "95% confidence band" in legend_texts(drawn(twice(trials), None, [0, 0.5]))
    # A bar at each place of either curve, no two at one place.
    bars = [segment for drawn in figure.axes[0].collections for segment in drawn.get_segments()]
    places = [segment[0][0] for segment in bars]
    assert len(bars) == 2 * trials["first_width"].nunique()
    assert len(set(places)) == len(places)
    assert all(low[0] == high[0] and low[1] < high[1] for low, high in bars)


def test_missing_values_are_left_out(trials, published):
    trials = twice(trials)
    figure = drawn(trials, None, [0.5, 0.7])
    texts = legend_texts(figure)
    assert r"$\lambda$ = 0.5" in texts
    assert not any("0.7" in text for text in texts)
    # One curve and the line at 0.99.
    assert len(figure.axes[0].lines) == 2
    assert published_curve(published, "interpolated", "first_width", "max_bias", 0.7) is None
    assert len(drawn(trials, None, [0.7]).axes[0].lines) == 1


def test_published_means_are_drawn_where_this_run_has_none(trials, published):
    texts = legend_texts(drawn(trials, published, [0.25]))
    assert r"$\lambda$ = 0.25 (published only)" in texts
    assert "published (5 restarts)" in texts and not any("this run (" in text for text in texts)


def test_a_third_parameter_that_varies_is_a_mistake(trials):
    both = pd.concat([trials, trials.assign(n_samples=200)])
    with pytest.raises(UserError, match="several cells"):
        trial_curve(both, "interpolated", "first_width", "max_bias", 0.5)


def test_widths_that_differ_little_are_not_drawn_from_zero(trials):
    narrow = trials.assign(second_width=1000 + trials["first_width"])
    axes = drawn(narrow, None, [0.5], "second_width").axes[0]
    assert axes.get_ylim()[0] > 500
    wide = trials.assign(second_width=trials["first_width"])
    axes = drawn(wide, None, [0.5], "second_width").axes[0]
    assert axes.get_ylim()[0] == 0


def test_bands_of_few_restarts_do_not_hide_the_lines(trials):
    two = trials[trials["restart"] < 2]
    spread = two.assign(second_width=two["first_width"] * (1 + two["restart"]))
    axes = drawn(spread, None, [0.5], "second_width").axes[0]
    largest = 1.5 * spread["first_width"].max()
    band = np.concatenate([p.vertices[:, 1] for p in axes.collections[0].get_paths()])
    assert np.nanmax(band) > 3 * largest
    assert largest < axes.get_ylim()[1] < 1.7 * largest
