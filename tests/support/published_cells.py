"""Cells as published and cells made up, and the verdicts on them."""

from pathlib import Path

import numpy as np
import pandas as pd
from shipped_claims import check_claims

REFERENCE = Path(__file__).parents[2] / "data" / "reference"


def published_cells(experiment):
    return pd.read_csv(REFERENCE / f"{experiment}.csv")


def trials_from(cells):
    """Make one row per trial so that each cell has the given mean and standard deviation."""
    row = cells.loc[cells.index.repeat(cells["trials"])].copy()
    row["restart"] = row.groupby(level=0).cumcount()
    row["interpolated"] = (row["restart"] < (row["interpolated"] * row["trials"]).round()).astype(
        int
    )
    # Half of the trials one deviation below the mean, half above, the middle one on it.
    k = row["trials"]
    side = np.sign(2 * row["restart"] + 1 - k)
    deviation = row["second_width_sd"].fillna(0) * np.sqrt((k - 1) / (k - k % 2).clip(lower=1))
    row["second_width"] = row["second_width_mean"] + side * deviation
    row["accuracy"] = row["covered"] = 1.0
    row["fit_seconds"] = row["fit_seconds_mean"]
    row["seed"] = np.arange(len(row))
    return row.reset_index(drop=True)


def verdicts(experiment, cells, published=None):
    claims = check_claims(experiment, trials_from(cells), published)
    return {figure: [claim.holds for claim in of_figure] for figure, of_figure in claims.items()}


def verdict(experiment, cells, wording, published=None):
    claims = check_claims(experiment, trials_from(cells), published)
    (found,) = [c for of_figure in claims.values() for c in of_figure if wording in c.statement]
    return found.holds


def ext_iter(best, trials=5, spread=50.0):
    """Cells of mnist_ext_iter whose second width at every n is smallest at max_bias = best."""
    bias = np.arange(0, 2.51, 0.25)
    cells = pd.DataFrame(
        {"n_samples": 70_000, "first_width": 10_000, "max_bias": bias, "dataset": "mnist"}
    )
    return cells.assign(
        trials=trials,
        interpolated=1.0,
        second_width_mean=8500 + 300 * (bias - best) ** 2,
        second_width_sd=spread,
        fit_seconds_mean=1.0,
    )


def grown(cells, exponent):
    """The same spread, but second widths that grow like N^exponent."""
    growth = (cells["n_samples"] / cells["n_samples"].min()) ** exponent
    return cells.assign(second_width_mean=20 * growth)
