"""Titles of figures: what is shown, and below it the heading of the experiment."""

import pytest

from memrob.plots.style import new_figure, styled
from memrob.studies.titles import figure_title


@pytest.mark.parametrize(
    ("name", "spec", "title"),
    [
        ("width", {}, "Second width"),
        ("width_by_max_bias", {}, "Second width against maximal bias"),
        ("accuracy_by_noise", {}, "Accuracy against noise"),
        ("width", {"title": "Channels &amp; filters"}, "Channels & filters"),
    ],
)
def test_title_is_that_of_the_entry_or_what_the_name_says(name, spec, title):
    assert figure_title(name, spec) == title


def test_second_line_stands_below_the_first_and_above_the_axes():
    with styled():
        figure = new_figure(4, 3, "Second width\nTwo moons")
        axes = figure.add_subplot()
        figure.draw_without_rendering()
        heading = figure._suptitle.get_window_extent()
        (below,) = figure.artists + figure.texts[1:]
        subtitle = below.get_window_extent()
    assert below.get_text() == "Two moons"
    assert figure.get_suptitle().strip() == "Second width"
    assert axes.bbox.y1 < subtitle.y0 and subtitle.y1 < heading.y1
    assert heading.x0 < subtitle.x1 and subtitle.x0 < heading.x1
