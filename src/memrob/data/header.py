"""Whether the first line of a table names the columns or is data that must not be lost."""

from collections.abc import Iterable, Sequence

from memrob.data.numerals import is_like_a_number, is_missing_mark
from memrob.errors import UserError

LABEL_NAMES = ("y", "label", "class", "target")
"""Column names taken for the labels, in upper or lower case, if none is named."""

_REMEDY = "--header takes it for the names of the columns, --no-header for data"


def require_header(
    name: str, rows: Sequence[Sequence[str]], later: Iterable[Sequence[str]] = ()
) -> None:
    """Refuse a table whose first row is, or may be, data.

    Names are texts; one over a column of numbers tells a header. Numbers are names only if they
    are whole and distinct, as years and positions of pixels are, and another name tells a header:
    one over a column of numbers, or one of `LABEL_NAMES` beside numbers that follow each other. A
    text that comes again in its column tells data.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    rows : sequence of sequence of str
        The first row, and some of the others.
    later : iterable of sequence of str
        The rows after those, which are looked at only where these leave a doubt.

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
    labels = [i for i in named if first[i].strip().lower() in LABEL_NAMES]
    by_label = bool(labels) and _follow_each_other(numbers)
    if by_label and not (over_numbers or again):
        again = [
            first[i].strip()
            for row in later
            for i in labels
            if i < len(row) and row[i].strip() == first[i].strip()
        ]
    if again:
        raise UserError(
            f"{name}: expected a header with the names of the columns in the first line, found "
            f"{again[0]!r}, which is in a later line too; {_REMEDY}"
        )
    if not (by_label or (over_numbers and _may_be_names(numbers))):
        raise UserError(
            f"{name}: the first line may be a header or data, as it has numbers ({numbers[0]}) "
            f"and texts ({first[named[0]].strip()}); {_REMEDY}"
        )


def _are_numbers(cells: Sequence[str]) -> bool:
    present = [cell for cell in cells if not is_missing_mark(cell)]
    return bool(present) and all(is_like_a_number(cell) for cell in present)


def _may_be_names(numbers: Sequence[str]) -> bool:
    return len(set(numbers)) == len(numbers) and all(n.isascii() and n.isdigit() for n in numbers)


def _follow_each_other(numbers: Sequence[str]) -> bool:
    if not _may_be_names(numbers):
        return False
    values = [int(number) for number in numbers]
    return values == list(range(values[0], values[0] + len(values)))
