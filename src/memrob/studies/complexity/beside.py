"""Theory and measured trials on one footing: what figures and claims compare."""

import numpy as np
import pandas as pd

from memrob.complexity.theorem import network_sizes
from memrob.errors import UserError
from memrob.numerics.statistics import share_interval

THEORY_COLUMNS = (
    *("n_samples", "max_bias", "constant", "label", "n_minus", "M_minus", "radius"),
    *("first_width_shape", "conditions_hold"),
)

REACHED = 0.99
"""Probability from which on a first width counts as sufficient, 1 - eta of the theory."""


def theory_cells(theory: pd.DataFrame) -> pd.DataFrame:
    """One row for each number of points, maximal bias and constant, over all classes.

    Parameters
    ----------
    theory : DataFrame
        One row per trial and class, as in `results/complexity/<experiment>.csv`.

    Returns
    -------
    DataFrame
        `n_samples`, `max_bias`, `constant`, `n_minus` and `M_minus` (sums over the classes, as
        second widths are counted), `radius`, `first_width_shape` (the largest, as all classes
        share the first layer) and its two terms for that class, `covering_term`, the one with the
        logarithm, and `width_term`, lambda omega.

    Raises
    ------
    UserError
        If a column is missing.
    """
    for column in (*THEORY_COLUMNS, "omega"):
        if column not in theory:
            raise UserError(f"table of complexities: found no column {column}")
    rows = []
    for cell, classes in theory.groupby(["n_samples", "max_bias", "constant"]):
        worst = classes.loc[classes["first_width_shape"].idxmax()]
        width_term = worst["max_bias"] * worst["omega"]
        rows.append(
            {
                **dict(zip(("n_samples", "max_bias", "constant"), cell, strict=True)),
                **classes[["n_minus", "M_minus"]].sum().to_dict(),
                "radius": worst["radius"],
                "first_width_shape": worst["first_width_shape"],
                "covering_term": worst["first_width_shape"] - width_term,
                "width_term": width_term,
            }
        )
    return pd.DataFrame(rows)


def comparable(measured: pd.DataFrame | None, theory: pd.DataFrame, x: str) -> pd.DataFrame:
    """Trials within the theory's range of x, and with its value of the other parameter.

    Parameters
    ----------
    measured : DataFrame or None
        Trials of part interpolation, None if there are none.
    theory : DataFrame
        One row per trial and class.
    x : {"max_bias", "n_samples"}
        The parameter that varies.

    Raises
    ------
    UserError
        If the other parameter takes several values in the theory's table.
    """
    other = {"max_bias": "n_samples", "n_samples": "max_bias"}[x]
    if theory[other].nunique() > 1:
        raise UserError(f"figure option x: is {x}, but {other} varies too")
    if measured is None:
        return pd.DataFrame(columns=["n_samples", "max_bias", "first_width", "interpolated"])
    trials = measured.assign(max_bias=measured["max_bias"].astype(float).round(6))
    inside = trials[x].between(theory[x].min() - 1e-9, theory[x].max() + 1e-9)
    return trials[inside & np.isclose(trials[other], theory[other].iloc[0])]


def thresholds(trials: pd.DataFrame, x: str, level: float) -> pd.Series:
    """Least first width along x at which a share `level` of the trials interpolates.

    Places where no first width of the grid does are left out.
    """
    shares = trials.groupby([x, "first_width"])["interpolated"].mean()
    reached = shares[shares >= level].reset_index()
    return reached.groupby(x)["first_width"].min()


def threshold_interval(trials: pd.DataFrame, x: str, level: float) -> pd.DataFrame:
    """First widths of the grid between which the true one of a probability `level` may lie.

    Returns
    -------
    DataFrame
        `low` and `high`, indexed by x. From `low` on the 95 % confidence interval of the
        probability reaches `level`, from `high` on it lies above it; `high` is missing where
        that many trials cannot tell.
    """
    cells = trials.groupby([x, "first_width"])["interpolated"].agg(["sum", "size"])
    ends = [
        share_interval(int(cell.sum_), int(cell.size_))
        for cell in cells.rename(columns={"sum": "sum_", "size": "size_"}).itertuples()
    ]
    ends = pd.DataFrame(ends, index=cells.index, columns=["below", "above"]).reset_index()
    low = ends[ends["above"] >= level].groupby(x)["first_width"].min()
    high = ends[ends["below"] >= level].groupby(x)["first_width"].min()
    return pd.DataFrame({"low": low, "high": high})


def second_widths(trials: pd.DataFrame, x: str) -> pd.Series:
    """Second widths of interpolating trials, from the first width on at which 99 % interpolate.

    Returns
    -------
    Series
        Of the column `second_width`, indexed by x.
    """
    needed = trials[x].map(thresholds(trials, x, REACHED)).fillna(np.inf)
    shown = (trials["interpolated"] == 1) & (trials["first_width"] >= needed)
    return trials[shown].set_index(x)["second_width"] if len(trials) else pd.Series(dtype=float)


def in_range(cells: pd.DataFrame) -> pd.Series:
    """Which cells have a maximal bias of at least R, the theorem's range up to a constant."""
    return cells["max_bias"] >= cells["radius"] * (1 - 1e-6)


def paired(cells: pd.DataFrame, needed: pd.Series, x: str) -> pd.DataFrame:
    """Cells of one constant within the theorem's range, with the measured first width there.

    Parameters
    ----------
    cells : DataFrame
        `theory_cells` of one constant.
    needed : Series
        Indexed by x, as `thresholds` gives it.
    x : str

    Returns
    -------
    DataFrame
        The cells that have one, with the column `needed`.
    """
    found = {round(float(place), 6): value for place, value in needed.items()}
    needed_there = [found.get(round(float(place), 6), np.nan) for place in cells[x]]
    pairs = cells.assign(needed=needed_there)
    return pairs[in_range(cells) & pairs["needed"].notna()]


def scale(pairs: pd.DataFrame) -> float:
    """The factor that brings the shape nearest to what was needed, by least squares in log."""
    return float(np.exp(np.log(pairs["needed"] / pairs["first_width_shape"]).mean()))


def exponents(pairs: pd.DataFrame, x: str) -> tuple[float, float]:
    """Exponents of x in a power law through the shape, and through what was needed."""
    logs = np.log(pairs[x].to_numpy(float))
    columns = (pairs[name].to_numpy(float) for name in ("first_width_shape", "needed"))
    shape, needed = (float(np.polyfit(logs, np.log(values), 1)[0]) for values in columns)
    return shape, needed


def constructed(trials: pd.DataFrame) -> pd.DataFrame:
    """Networks of the least first width that interpolates, by number of points.

    Returns
    -------
    DataFrame
        Indexed by `n_samples`: `first_width`, and `low`, `median`, `high` of the numbers of
        parameters of its interpolating trials.
    """
    rows = {}
    for n_samples, first_width in thresholds(trials, "n_samples", REACHED).items():
        of_cell = (trials["n_samples"] == n_samples) & (trials["first_width"] == first_width)
        found = trials.loc[of_cell & (trials["interpolated"] == 1), "n_parameters"]
        ends = {"low": found.min(), "median": found.median(), "high": found.max()}
        rows[n_samples] = {"first_width": first_width, **ends}
    columns = ["first_width", "low", "median", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=float)


def worst_cases(theory: pd.DataFrame) -> pd.DataFrame:
    """Parameters that worst-case results ask for on the same points.

    Returns
    -------
    DataFrame
        One row for each number of points whose point separation is known and each result:
        `n_samples` and the columns of `memrob.complexity.capacity.capacity_table`.
    """
    from memrob.complexity.capacity import Problem, capacity_table

    known = theory[theory["point_separation"].notna()].drop_duplicates("n_samples")
    tables = [
        capacity_table(
            Problem(int(row.n_samples), int(row.input_dim), row.point_separation / row.radius)
        ).assign(n_samples=row.n_samples)
        for row in known.itertuples()
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def theorem_parameters(theory: pd.DataFrame) -> pd.DataFrame:
    """Parameters that Theorem 4 of [M] asks for, up to constants, by the coverings of a table.

    Parameters
    ----------
    theory : DataFrame
        One row per trial and class.

    Returns
    -------
    DataFrame
        `n_samples`, `constant` of the radii and `parameters`, the largest over classes and maximal
        biases, in ascending order.
    """
    columns = ["M_minus", "M_plus", "centre_separation", "omega", "radius", "input_dim"]
    sizes = [network_sizes(*row).parameters for row in theory[columns].itertuples(index=False)]
    places = ["constant", "n_samples"]
    return theory[places].assign(parameters=sizes).groupby(places).max().reset_index()
