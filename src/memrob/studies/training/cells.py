"""From tables of trained networks to lines along a parameter and the interpolation threshold."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from memrob.numerics.statistics import Line, line_of

SIZES = ("n_features", "n_parameters", "width")
"""Columns that may say how large a model is."""

CERTIFICATES = ("certified_radius", "local_radius")
"""Columns of certified radii: by Lipschitz constants of the margins, and around the image alone."""

RANDOM_LABELS, TRUE_LABELS = "random", "true"
TRAINED, CONSTRUCTED = "trained", "constructed"


def along(rows: pd.DataFrame, quantity: str, x: str) -> Line | None:
    """Collect one quantity along one parameter.

    Parameters
    ----------
    rows : DataFrame
        One row per model, alike in all parameters but `x` and the restart.
    quantity, x : str
        Columns; rows without the quantity are left out.

    Returns
    -------
    Line or None
        One sample of restarts for each value of `x`, ascending; None without any value.
    """
    rows = rows[rows[quantity].notna()]
    if rows.empty:
        return None
    return line_of(rows, quantity, x)


def layers(rows: pd.DataFrame, width: str = "width") -> tuple[int, int] | None:
    """Input dimension d and outputs K, which the numbers of parameters of networks d-H-K tell.

    Those are (d + 1) H + (H + 1) K, linear in H: K at H = 0, and d + 1 + K more for each unit.

    Parameters
    ----------
    rows : DataFrame
        One row per network, with `n_parameters` and its width.
    width : str
        Column of the width.

    Returns
    -------
    (d, K) or None
        None where all networks have one width, or their parameters are not of this form.
    """
    pairs = rows[[width, "n_parameters"]].dropna().drop_duplicates().sort_values(width)
    sizes, parameters = pairs.to_numpy(float).T
    if len(sizes) < 2 or sizes[0] == sizes[-1]:
        return None
    slope = (parameters[-1] - parameters[0]) / (sizes[-1] - sizes[0])
    outputs = parameters[0] - slope * sizes[0]
    of_form = np.allclose(parameters, outputs + slope * sizes, rtol=0, atol=1e-3)
    d, k = round(slope - 1 - outputs), round(outputs)
    return (d, k) if of_form and d >= 1 and k >= 1 and np.isclose(k, outputs, atol=1e-3) else None


def interpolation_threshold(rows: pd.DataFrame, x: str) -> float | None:
    """Size at which a model has as many degrees of freedom as the squared loss has equations.

    Random features: features = N, for each output. Networks: parameters = N K (Belkin, Hsu, Ma,
    Mandal, PNAS 2019).

    Parameters
    ----------
    rows : DataFrame
        One row per model, all of one number of samples.
    x : {"n_features", "n_parameters", "width"}
        Column that the size is measured by.

    Returns
    -------
    float or None
        None where the table does not tell the number of outputs.
    """
    n = float(rows["n_samples"].iloc[0])
    if x == "n_features":
        return n
    found = layers(rows)
    if found is None:
        return None
    d, outputs = found
    return n * outputs if x == "n_parameters" else (n - 1) * outputs / (d + 1 + outputs)


def of_network(trials: pd.DataFrame, network: str) -> pd.DataFrame:
    """Searches over trained or over constructed networks; all are trained where none is named."""
    if "network" in trials:
        return trials[trials["network"] == network]
    return trials if network == TRAINED else trials[:0]


def threshold_widths(trials: pd.DataFrame, labels: str) -> Line | None:
    """Threshold widths against N, at each N where every search found one.

    A mean over the others alone would be too small.

    Parameters
    ----------
    trials : DataFrame
        One row per search, of one data set; `threshold_width` is missing where none was found.
    labels : {"true", "random"}
        Kind of labels.
    """
    rows = trials[trials["labels"] == labels]
    found = rows["threshold_width"].notna().groupby(rows["n_samples"]).transform("all")
    return along(rows[found.astype(bool)], "threshold_width", "n_samples")


def size_column(trials: pd.DataFrame) -> str:
    """Return the column that sizes of models are measured by: features, or parameters."""
    return next((name for name in SIZES if name in trials), SIZES[0])


def settings(trials: pd.DataFrame, columns: Iterable[str]) -> Iterator[tuple[dict, pd.DataFrame]]:
    """Rows for each combination of the values of some columns, those that the table has."""
    names = [name for name in columns if name in trials]
    for values, rows in trials.groupby(names):
        yield dict(zip(names, values, strict=True)), rows


def attack_radius(trials: pd.DataFrame) -> pd.Series:
    """Least perturbation by which any attack changed the label, infinite where none did."""
    return trials[["fgsm_radius", "pgd_radius"]].min(axis=1)


def certified(trials: pd.DataFrame) -> pd.Series:
    """Largest radius within which some certificate holds that no perturbation changes the label."""
    return trials[[name for name in CERTIFICATES if name in trials]].max(axis=1)


def contradicted(trials: pd.DataFrame) -> pd.Series:
    """Which rows have a certified radius above that of an attack, which cannot be."""
    return certified(trials) > attack_radius(trials)
