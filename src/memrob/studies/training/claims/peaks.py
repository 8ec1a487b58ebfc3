"""Where a curve of test errors peaks, and how certain that is."""

from typing import NamedTuple

import numpy as np

from memrob.numerics.statistics import Line
from memrob.studies.verdict import all_hold, beyond


class Place(NamedTuple):
    """A place of a curve: its mean there and the standard error of that mean."""

    x: float
    mean: float
    error: float


class Peak(NamedTuple):
    """The highest ascent of a curve near a threshold, beside what is elsewhere.

    Attributes
    ----------
    top : Place
        The place near the threshold that lies highest above the least mean before it.
    valley : Place
        That least mean.
    elsewhere : (Place, Place)
        The same two for the highest ascent elsewhere.
    """

    top: Place
    valley: Place
    elsewhere: tuple[Place, Place]

    @property
    def holds(self) -> bool | None:
        """Whether the curve rises to its top, higher than it does elsewhere, beyond the error."""
        top, valley, (other, before) = self
        rises = beyond(top.mean - valley.mean, top.error, valley.error)
        ascent = top.mean - valley.mean - (other.mean - before.mean)
        # Where both rise from the same place, its error cancels.
        of_valleys = () if valley == before else (valley.error, before.error)
        return all_hold([rises, beyond(ascent, top.error, other.error, *of_valleys)])


def places(line: Line, *, logarithmic: bool = False) -> list[Place]:
    """Means along a line with their standard errors, infinite for a single restart.

    Parameters
    ----------
    line : Line
        One sample of restarts per place.
    logarithmic : bool
        Average the natural logarithms, as losses near a threshold have heavy tails.
    """
    found = []
    for x, values in zip(line.x, line.samples, strict=True):
        values = np.log(values) if logarithmic else values
        alone = len(values) < 2
        error = np.inf if alone else np.std(values, ddof=1) / np.sqrt(len(values))
        found.append(Place(float(x), float(values.mean()), float(error)))
    return found


def one_step(x: np.ndarray, threshold: float) -> tuple[float, float]:
    """Places of a grid at most one step from a threshold: the least and the largest."""
    exact = np.isclose(x, threshold)
    below, above = x[(x < threshold) & ~exact], x[(x > threshold) & ~exact]
    return (
        below[-1] if below.size else -np.inf,
        above[0] if above.size else np.inf,
    )


def peak(curve: list[Place], low: float, high: float) -> Peak | None:
    """Find the highest ascent within [low, high] and that elsewhere.

    An ascent is the height of a place above the least mean before it, so that the errors of
    models far too small for the data are no peak.

    Returns
    -------
    Peak or None
        None where the grid has no place in the range with one before it, or none beyond it on
        either side.
    """
    ascents = [
        (place, min(curve[:i], key=lambda before: before.mean))
        for i, place in enumerate(curve)
        if i > 0
    ]
    near = [pair for pair in ascents if low <= pair[0].x <= high]
    others = [pair for pair in ascents if not low <= pair[0].x <= high]
    if not near or curve[0].x >= low or curve[-1].x <= high:
        return None

    def height(pair: tuple[Place, Place]) -> float:
        return pair[0].mean - pair[1].mean

    return Peak(*max(near, key=height), max(others, key=height))
