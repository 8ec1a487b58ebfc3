import numpy as np

from memrob.plots.contours import averaged, crossed_levels, monotone_in_rows
from memrob.plots.grids import grid
from memrob.plots.heatmap import heatmap, reached_region
from memrob.plots.style import styled
from memrob.studies.interpolation.cells import summarise


def test_region_goes_up_from_the_first_width_that_reaches_it():
    probability = np.array([[0.2, 1.0], [0.99, 0.98], [0.9, 1.0]])
    expected = [[False, True], [True, True], [True, True]]
    assert reached_region(probability, "first_width").tolist() == expected
    assert reached_region(probability, "n_samples").tolist() == (probability >= 0.99).tolist()


def test_a_place_without_a_cell_stays_empty_and_outside(trials):
    gone = trials[(trials["first_width"] != 30) | (trials["max_bias"] != 0.5)]
    values = grid(summarise(gone), "interpolated", "max_bias", "first_width")
    assert values.values.shape == (3, 3)
    assert np.isnan(values.values[1, 1]) and np.isfinite(values.values).sum() == 8
    assert not reached_region(values.probability, "first_width")[1, 1]


def test_monotone_fit_pools_violators_by_weight():
    fitted = monotone_in_rows(
        np.array([[0.0], [0.8], [0.5], [np.nan], [1.0]]),
        np.array([[1.0], [1.0], [2.0], [np.nan], [1.0]]),
    )
    np.testing.assert_allclose(fitted[:, 0], [0, 0.6, 0.6, np.nan, 1.0])


def test_averaging_keeps_constants_and_gaps():
    values = np.full((4, 5), 3.0)
    values[1, 2] = np.nan
    smooth = averaged(values)
    assert np.isnan(smooth[1, 2])
    np.testing.assert_allclose(smooth[np.isfinite(values)], 3.0)


def test_panels_share_limits_and_colours_and_say_their_restarts(trials, published):
    options = {"quantity": "second_width", "x": "max_bias", "y": "first_width"}
    with styled():
        figure = heatmap(summarise(trials), published, **options)
    ours, theirs, bar = figure.axes
    assert ours.get_title() == "this run (3 restarts per cell)"
    assert theirs.get_title() == "published (5 restarts per cell)"
    assert ours.get_xlim() == theirs.get_xlim() == (0, 1.5)
    assert ours.get_ylim() == theirs.get_ylim() == (10, 60)
    scales = {axes.collections[0].norm.vmax for axes in (ours, theirs)}
    assert len(scales) == 1 and scales == {bar.get_ylim()[1]}


def legend_texts(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_legend_mentions_contours_only_where_there_are_some(trials, published):
    options = {"quantity": "interpolated", "x": "max_bias", "y": "first_width"}
    single = summarise(trials[trials["restart"] == 0])
    with styled():
        alone = legend_texts(heatmap(single, None, **options))
        beside = legend_texts(heatmap(single, published, **options))
    assert len(alone) == 1 and "first $n$" in alone[0]
    assert beside[1] == "contours (of the fit monotone in $n$)"


def test_levels_with_hardly_a_cell_beyond_are_left_out():
    values = np.array([[1.0, 2.0, 3.0], [2.0, 3.0, 9.0]])
    levels = np.array([0.5, 1.5, 2.5, 5.0, 10.0])
    assert crossed_levels(values, levels).tolist() == [2.5]
    assert crossed_levels(values[:1], levels).size == 0
