"""What commands on data of the user's own share: options that say how a file is read, and plots."""

import argparse
import os
import resource
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memrob.cli.streams import printable
from memrob.errors import UserError
from memrob.numerics.files import no_file_at, whole_file

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from memrob.data.tables import LabelledPoints

PLOT_SUFFIXES = (".png", ".pdf")

# Classes that a message explains, if they have names.
_NUMBERED = 12
_FIRST_COLUMN = 36

# Of points whose squares are ordinary numbers of float32.
_LEAST_NORM, _GREATEST_NORM = 1e-15, 1e18


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Add the argument DATA and the options that say how it is read."""
    parser.add_argument(
        "data",
        type=Path,
        metavar="DATA",
        help="NPZ file with X (N, d) numbers and y (N,) integer labels, or CSV, TSV or Parquet "
        "file with a column of labels and numbers in the others; - is standard input",
    )
    parser.add_argument(
        "--label",
        type=_column_name,
        metavar="NAME",
        help="column of the labels in a table (the one called y, label, class or target)",
    )
    parser.add_argument(
        "--drop",
        type=_column_name,
        action="append",
        default=[],
        metavar="COLUMN",
        help="leave a column of a table out; may be repeated",
    )
    parser.add_argument(
        "--header",
        action=argparse.BooleanOptionalAction,
        help="whether the first line of a CSV file names the columns, which without it are called "
        "1, 2, ... (told by its content)",
    )
    parser.add_argument(
        "--standardize",
        "--standardise",
        action="store_true",
        help="shift and scale each feature to mean 0 and standard deviation 1",
    )
    parser.add_argument(
        "--normalize",
        "--normalise",
        action="store_true",
        help="divide all points by the largest norm, after --standardize",
    )


def _column_name(argument: str) -> str:
    # Tables are in Unicode whatever the terminal's encoding is.
    return os.fsencode(argument).decode("utf-8", "surrogateescape")


def add_plot_option(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the option --plot, which draws `what`."""
    parser.add_argument("--plot", type=Path, metavar="FILE.png|pdf", help=f"draw {what}")


def read_points(options: argparse.Namespace) -> "LabelledPoints":
    """Read the file that the options name; no point of it lies in two classes.

    Raises
    ------
    UserError
        As `memrob.data.tables.load_points` and `memrob.data.require_disjoint_classes`.
    """
    from memrob.data import largest_norm, require_disjoint_classes
    from memrob.data.tables import load_points

    points = load_points(
        options.data,
        label=options.label,
        drop=options.drop,
        header=options.header,
        standardize=options.standardize,
        normalize=options.normalize,
    )
    norm = float(largest_norm(points.X))
    if norm and not _LEAST_NORM <= norm <= _GREATEST_NORM:
        raise UserError(
            f"{options.data}: the largest norm is {norm:.3g}; it must lie between "
            f"{_LEAST_NORM:g} and {_GREATEST_NORM:g}, as squares are taken in single precision; "
            "--normalize divides by it"
        )
    try:
        require_disjoint_classes(points.X, points.y, name=str(options.data))
    except UserError as error:
        apart = "" if options.standardize else "; if they differ in the file, use --standardize"
        raise UserError(f"{error}{_numbering(points)}{apart}") from error
    return points


def _numbering(points: "LabelledPoints") -> str:
    labels = sorted(set(points.y.tolist()))
    pairs = [f"{y} is {name}" for y, name in zip(labels, points.class_names, strict=True)]
    named = any(str(y) != name for y, name in zip(labels, points.class_names, strict=True))
    return f" ({', '.join(pairs)})" if named and len(pairs) <= _NUMBERED else ""


def check_plot(path: Path | None) -> None:
    """Raise a UserError unless a figure can be meant by `path`, before any work is done."""
    if path is None:
        return
    if path.suffix.lower() not in PLOT_SUFFIXES:
        raise UserError(f"--plot {path}: expected a name that ends in .png or .pdf")
    found = no_file_at(path)
    if found is not None:
        raise UserError(f"--plot {path}: expected a file name, found {found}")


def save_plot(draw: Callable[[], "Figure"], path: Path) -> None:
    """Draw a figure in the package's style and write it, whole or not at all."""
    from memrob.plots.style import styled

    with styled():
        figure = draw()
        try:
            with whole_file(path) as temporary:
                figure.savefig(temporary, format=path.suffix.lower()[1:], dpi=200)
        except OSError as error:
            reason = error.strerror or error
            raise UserError(f"--plot {path}: cannot be written ({reason})") from error


def data_facts(options: argparse.Namespace, points: "LabelledPoints") -> dict[str, Any]:
    """What a report says of the data, whatever is done with them."""
    import numpy as np

    from memrob.data import largest_norm

    labels, sizes = np.unique(points.y, return_counts=True)
    return {
        "data": shown_path(options.data),
        "n_samples": len(points.y),
        "input_dim": points.X.shape[1],
        "labels": labels.tolist(),
        "label_column": points.label_name,
        "class_names": list(points.class_names),
        "class_sizes": sizes.tolist(),
        "standardized": options.standardize,
        "normalized": options.normalize,
        "largest_norm": float(largest_norm(points.X)),
    }


def shown_path(path: Path) -> str:
    """A path in Unicode; other bytes of its name become escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def data_line(report: dict[str, Any]) -> str:
    """One line on the data: points, dimension, classes, how they were scaled, largest norm."""
    column = report["label_column"]
    of_column = "" if column is None else f" (column {printable(column)})"
    scaled = [text for text in ("standardized", "normalized") if report[text]]
    return (
        f"{report['data']}: {report['n_samples']:,} points in dimension {report['input_dim']:,}, "
        f"{len(report['class_names'])} classes{of_column}, "
        + "".join(f"{text}, " for text in scaled)
        + f"largest norm {report['largest_norm']:.3g}"
    )


def number(value: float) -> str:
    """Number for a reader: whole from 100 on, in powers of ten from ten millions on."""
    if value >= 1e7:
        return f"{value:.3g}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table, indented: the first column to the left, the others to the right."""
    rows = [(_cut(row[0]), *row[1:]) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join(["", first.ljust(widths[0]), *cells]))
    return lines


def _cut(name: str) -> str:
    name = printable(name)
    return name if len(name) <= _FIRST_COLUMN else name[: _FIRST_COLUMN - 3] + "..."


def peak_memory_bytes() -> int:
    """Most memory that the process has held so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
