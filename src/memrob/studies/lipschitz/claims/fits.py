"""Powers of d, N or L fitted to the table of trials, or the reason why there is none."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from memrob.numerics.statistics import Line, PowerLaw, fit_power_law
from memrob.studies.lipschitz.cells import line

NO_INTERVAL = "a single network per cell has no interval"
SYMBOLS = {"input_dim": "d", "width": "N", "depth": "L"}


class Fit(NamedTuple):
    """A power law along one parameter.

    Attributes
    ----------
    law : PowerLaw
        With a 95 % interval of its exponent.
    line : Line
        What it is fitted to.
    """

    law: PowerLaw
    line: Line

    @property
    def text(self) -> str:
        """The exponent and its interval for a reader."""
        return f"{self.law.exponent:z.3f} ({self.law.low:z.3f} to {self.law.high:z.3f})"


def fit(along: Line | None, x: str, *, places: int = 4, ratio: float = 8) -> Fit | str:
    """Fit a power law, with a generator of fixed seed.

    Parameters
    ----------
    along : Line or None
        Networks along one parameter.
    x : str
        Name of the parameter, for the reason.
    places : int
        Fewest values of the parameter.
    ratio : float
        Smallest ratio of its largest value to its least.

    Returns
    -------
    Fit or str
        A text where the run cannot decide: the reason.
    """
    if along is None:
        return "not in this run"
    values = along.x
    if len(values) < places or values[-1] < ratio * values[0] * (1 - 1e-9):
        return (
            f"{len(values)} values of {SYMBOLS[x]} from {values[0]:,.0f} to {values[-1]:,.0f}, "
            f"needed are {places} or more over a factor of {ratio:g}"
        )
    if along.networks.min() < 2:
        return NO_INTERVAL
    return Fit(fit_power_law(values, along.samples), along)


def divided(along: Line | None, by: list[float] | np.ndarray) -> Line | None:
    """Divide a line by one number per place."""
    if along is None:
        return None
    return Line(along.x, [values / at for values, at in zip(along.samples, by, strict=True)])


def quotient(trials: pd.DataFrame, p: float, over: str, under: str, x: str) -> Line | None:
    """Collect the quotient of two columns, network by network, along one parameter."""
    if not {over, under} <= set(trials):
        return None
    return line(trials.assign(_quotient=trials[over] / trials[under]), p, "_quotient", x)
