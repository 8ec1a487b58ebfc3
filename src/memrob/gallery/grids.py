"""How much of the published grid a table of trials covers, in words."""

import pandas as pd

from memrob.studies.interpolation.cells import shares_weights
from memrob.studies.interpolation.claims.check import SAMPLES

# Cells and trials a cell of the published experiments.
PUBLISHED = {
    "moons": (2550, 50),
    "moons_size": (100, 100),
    "mnist": (650, 25),
    "mnist_ext_bias": (30, 25),
    "mnist_ext_iter": (33, 25),
    "mnist_1v8_size": (30, 25),
    "mnist_1v9_size": (30, 25),
    "cifar10": (110, 10),
    "cifar10_ext_bias": (30, 5),
    "cifar10_ext_iter": (33, 5),
}
CELL = ["n_samples", "first_width", "max_bias"]


def describe_grid(experiment: str, trials: pd.DataFrame | None) -> str:
    """Say how many of the published cells and trials a run has.

    Parameters
    ----------
    experiment : str
        Name of the experiment.
    trials : pandas.DataFrame or None
        One row a trial.

    Returns
    -------
    str
        One sentence; empty where there are no trials or no published grid.
    """
    if trials is None or trials.empty or experiment not in PUBLISHED:
        return ""
    counts = _trials_by_cell(trials)
    low, per_cell = int(counts.min()), trials_per_cell(trials)
    least, most = SAMPLES[experiment]
    if trials["n_samples"].min() < least or trials["n_samples"].max() > most:
        return (
            f"Stand-in data, {len(counts):,} cells with {per_cell} each: this shows that the "
            "workflow runs and says nothing about the published results."
        )
    sentence = _covered(counts, low, per_cell, *PUBLISHED[experiment])
    if shares_weights(trials):
        sentence += " All maximal biases of a restart share their weights."
    return sentence


def _covered(counts: pd.Series, low: int, per_cell: str, cells: int, published_trials: int) -> str:
    if len(counts) >= cells and low >= published_trials:
        return f"The full published grid: {cells:,} cells with {per_cell} each."
    if len(counts) >= cells:
        return (
            f"All {cells:,} published cells, with {per_cell} each (published: {published_trials})."
        )
    return (
        f"Thinned: {len(counts):,} of the {cells:,} published cells with {per_cell} each "
        f"(published: {published_trials})."
    )


def trials_per_cell(trials: pd.DataFrame) -> str:
    """Say how many trials a cell has: "1 trial", "10 trials", "5 to 10 trials"."""
    counts = _trials_by_cell(trials)
    low, high = int(counts.min()), int(counts.max())
    if low != high:
        return f"{low} to {high} trials"
    return f"{low} trial{'s' * (low != 1)}"


def _trials_by_cell(trials: pd.DataFrame) -> pd.Series:
    return trials.assign(max_bias=trials["max_bias"].round(6)).groupby(CELL).size()
