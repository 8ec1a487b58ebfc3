"""What all figures share: the style sheet, colours, the texts of the axes, and saving."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import seaborn
from matplotlib import style as matplotlib_style
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.ticker import FuncFormatter

from memrob.numerics.files import whole_file

STYLE_SHEET = Path(__file__).with_name("memrob.mplstyle")

# Inches. An A4 page with ordinary margins has 6.3 in of text.
FULL_WIDTH = 6.3
COLUMN_WIDTH = 3.6

# Blue, vermilion, green, pink, orange, sky and brown; yellow and light pink are too faint on white.
CATEGORY_COLOURS = tuple(
    seaborn.color_palette("colorblind").as_hex()[i] for i in (0, 3, 2, 4, 1, 9, 5)
)
PLUS_COLOUR, MINUS_COLOUR = CATEGORY_COLOURS[:2]
INK, FAINT, NO_DATA = "#222222", "#8A8A8A", "#EDEDED"
OUTLINE_COLOUR = "#111111"
COLOUR_MAPS = {"interpolated": "viridis", "second_width": "magma"}

# The probability from which on a cell counts as interpolating.
REACHED = 0.99

AXIS_LABELS = {
    "n_samples": "samples $N$",
    "first_width": "first width $n$",
    "max_bias": r"maximal bias $\lambda$",
    "interpolated": "probability of interpolation",
    "second_width": r"second width $\hat{n}$",
}
SYMBOLS = {
    "n_samples": "$N$",
    "first_width": "$n$",
    "max_bias": r"$\lambda$",
    "second_width": r"$\hat{n}$",
}


@contextmanager
def styled() -> Iterator[None]:
    """Use the style of the package inside the block, whatever the user's own settings are."""
    with matplotlib_style.context(["default", STYLE_SHEET]):
        yield


def new_figure(width: float, height: float, title: str = "") -> Figure:
    """Return an empty figure that belongs to no window and no global list of figures.

    Parameters
    ----------
    width, height : float
        Size in inches.
    title : str
        Written at the top, a second line smaller; empty for none.
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(w_pad=0.04, h_pad=0.04, wspace=0.03, hspace=0.03)
    title, _, below = title.partition("\n")
    if title:
        # The empty line keeps room in the layout for what is written into it.
        lines = f"{title}\n" if below else title
        heading = figure.suptitle(lines, fontsize="medium", fontweight="bold", linespacing=1)
        if below:
            figure.add_artist(
                Annotation(
                    below, (0.5, 0), xycoords=heading, ha="center", va="bottom", in_layout=False
                )
            )
    return figure


def grouped(value: float, _position: int | None = None) -> str:
    """Write a number for a reader: thousands apart, no trailing zeros (1000000 -> 1,000,000)."""
    if np.isclose(value, round(value), rtol=0, atol=1e-9):
        return f"{round(value):,}"
    return f"{value:,.6g}"


def symbol_value(column: str, value: float) -> str:
    """Return for instance ``$n$ = 1,000`` for one value of a column."""
    return f"{SYMBOLS[column]} = {grouped(value)}"


def label_axis(axis: Axis, column: str, largest: float) -> None:
    """Write name, symbol and unit of a column at an axis and format its ticks.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        For instance ``axes.xaxis``.
    column : str
        A key of `AXIS_LABELS`.
    largest : float
        Largest value shown; numbers of samples from 100,000 on are counted in thousands.
    """
    if column == "n_samples" and largest >= 100_000:
        axis.set_label_text(AXIS_LABELS[column] + " (thousands)")
        axis.set_major_formatter(FuncFormatter(lambda value, _: grouped(value / 1000)))
    else:
        axis.set_label_text(AXIS_LABELS[column])
        axis.set_major_formatter(FuncFormatter(grouped))


def trials_text(trials: np.ndarray) -> str:
    """Say how many restarts cells have: ``25 restarts per cell`` or ``2 to 25 restarts per cell``.

    Parameters
    ----------
    trials : ndarray of int
        Numbers of trials of the cells shown.
    """
    low, high = int(np.min(trials)), int(np.max(trials))
    if low == high == 1:
        return "1 restart per cell"
    return f"{low} restarts per cell" if low == high else f"{low} to {high} restarts per cell"


def save(figure: Figure, path_pdf: Path, about: str = "") -> None:
    """Write a figure as PDF and, beside it, as PNG at 200 dots per inch.

    Both files are whole or absent, and the same figure gives the same bytes each time: neither
    holds a date. Rasterised parts of the PDF have 400 dots per inch.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Call inside `styled`.
    path_pdf : path-like
        The PNG takes the same name with the suffix ``.png``.
    about : str
        What the files say of where they come from: the subject of the PDF, the description of the
        PNG.
    """
    path_pdf = Path(path_pdf)
    subject = {"Subject": about} if about else {}
    description = {"Description": about} if about else {}
    with whole_file(path_pdf) as temporary:
        figure.savefig(
            temporary,
            format="pdf",
            dpi=400,
            metadata={"CreationDate": None, "ModDate": None, **subject},
        )
    with whole_file(path_pdf.with_suffix(".png")) as temporary:
        figure.savefig(temporary, format="png", dpi=200, metadata={"Software": None, **description})
