"""From a table of trials to the networks of each cell."""

import pandas as pd

from memrob.errors import UserError
from memrob.numerics.statistics import Line, line_of

BIAS_TEXTS = {
    "zero": "zero",
    "gaussian": "Gaussian",
    "uniform": "uniform",
    "laplace": "Laplace",
    "cauchy": "Cauchy",
    "log_uniform": "scale-free",
    "positive": "positive",
    "negative": "negative",
}
"""Laws of the biases, as figures and claims call them."""

# A cell is one setting of the parameters; its networks differ in the seed alone.
CELL = ["input_dim", "width", "depth", "bias", "p"]
NETWORK = ["input_dim", "width", "depth", "bias", "restart"]
QUANTITIES = [
    *("lower", "random_largest", "point_gradient", "exact", "upper", "upper_probable"),
    "coordinate_slope",
]
METHODS = ["upper_product", "upper_patterns", "upper_intervals", "upper_semidefinite"]
"""Columns of the certified upper bounds, each by one method; `upper` is the least of them."""


def summarise(trials: pd.DataFrame) -> pd.DataFrame:
    """Average the networks of each cell.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p, with at least the columns of `CELL` and ``lower``.

    Returns
    -------
    DataFrame
        One row per cell, in ascending order of `CELL`, with the columns of `CELL`, ``networks``
        (how many), and for each column of `QUANTITIES` and `METHODS` that the table has its
        ``_mean`` and ``_sd`` (of the sample; missing for a single network), missing where no
        network has the quantity.
    """
    found = [name for name in QUANTITIES + METHODS if name in trials]
    columns = {f"{name}_mean": (name, "mean") for name in found}
    columns |= {f"{name}_sd": (name, "std") for name in found}
    ordered = ["networks", *(f"{name}_{what}" for name in found for what in ("mean", "sd"))]
    cells = trials.groupby(CELL, sort=True).agg(networks=("lower", "size"), **columns)
    return cells[ordered].reset_index()


def exponents(trials: pd.DataFrame) -> list[float]:
    """Values of p in a table of trials, ascending."""
    return sorted(float(p) for p in trials["p"].unique())


def line(trials: pd.DataFrame, p: float, quantity: str, x: str) -> Line | None:
    """Collect one quantity along one parameter.

    Parameters
    ----------
    trials : DataFrame
        One row per network and p.
    p : float
        Exponent of the norm.
    quantity : str
        Column; networks that lack it are left out.
    x : str
        ``input_dim``, ``width`` or ``depth``.

    Returns
    -------
    Line or None
        None where no network has the quantity at this p.

    Raises
    ------
    UserError
        When several cells share one place, as a parameter beside `x` varies there.
    """
    if quantity not in trials:
        return None
    rows = trials[(trials["p"] == p) & trials[quantity].notna()]
    if rows.empty:
        return None
    others = [name for name in CELL if name not in (x, "p")]
    varied = [name for name in others if rows.groupby(x)[name].nunique().max() > 1]
    if varied:
        raise UserError(
            f"figure option x: {x}: several cells share one place, as {' and '.join(varied)} "
            "varies there; hold it with the option only"
        )
    return line_of(rows, quantity, x)
