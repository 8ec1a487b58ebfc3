"""Whether the first line of a table names the columns or is data that must not be lost."""

from collections.abc import Sequence

from memrob.data.numerals import is_like_a_number, is_missing_mark
from memrob.errors import UserError

LABEL_NAMES = ("y", "label", "class", "target")
"""Column names taken for the labels, in upper or lower case, if none is named."""

_REMEDY = "--header takes it for the names of the columns, --no-header for data"


def require_header(name: str, rows: Sequence[Sequence[str]]) -> None:
    """Refuse a table whose first row is, or may be, data.

    Names are texts; one over a column of numbers tells a header. Numbers are names only if they
    are whole and distinct, as years and positions of pixels are, and another name tells a header.
    A text that comes again in its column tells data.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    rows : sequence of sequence of str
        The first row, and some of the others.

    Raises
    ------
    UserError
        That says how to tell.
    """
    first, others = rows[0], rows[1:]
    numbers = [cell.strip() for cell in first if is_like_a_number(cell)]
    texts = [i for i, cell in enumerate(first) if not is_like_a_number(cell)]
    named = [i for i in texts if not is_missing_mark(first[i])]
    below = {i: [row[i].strip() for row in others if i < len(row)] for i in texts}
    again = [first[i].strip() for i in named if first[i].strip() in below[i]]
    over_numbers = any(_are_numbers(below[i]) for i in named)
    if not numbers and (over_numbers or not again):
        return
    if not named:
        raise UserError(
            f"{name}: expected a header with the names of the columns in the first line, found "
            f"numbers only; {_REMEDY}"
        )
    if again:
        raise UserError(
            f"{name}: expected a header with the names of the columns in the first line, found "
            f"{again[0]!r}, which is in a later line too; {_REMEDY}"
        )
    label_named = any(first[i].strip().lower() in LABEL_NAMES for i in named)
    if not (_may_be_names(numbers) and (over_numbers or label_named)):
        raise UserError(
            f"{name}: the first line may be a header or data, as it has numbers ({numbers[0]}) "
            f"and texts ({first[named[0]].strip()}); {_REMEDY}"
        )


def _are_numbers(cells: Sequence[str]) -> bool:
    present = [cell for cell in cells if not is_missing_mark(cell)]
    return bool(present) and all(is_like_a_number(cell) for cell in present)


def _may_be_names(numbers: Sequence[str]) -> bool:
    return len(set(numbers)) == len(numbers) and all(n.isascii() and n.isdigit() for n in numbers)
