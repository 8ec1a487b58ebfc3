"""What the gallery says of this study and of its tables."""

from typing import Any

import pandas as pd

from memrob.studies.description import Description, number_of_trials
from memrob.studies.interpolation.cells import published_width, shares_weights, summarise
from memrob.studies.interpolation.published import CELL, GRIDS, SAMPLES, published_cells


def describe_grid(experiment: str, trials: pd.DataFrame) -> str:
    """Say how many of the published cells and trials a run has.

    Parameters
    ----------
    experiment : str
        Name of the experiment.
    trials : pandas.DataFrame
        One row per trial, at least one.

    Returns
    -------
    str
        One sentence; empty where there is no published grid.
    """
    if experiment not in GRIDS:
        return ""
    counts = _trials_by_cell(trials)
    low, per_cell = int(counts.min()), trials_per_cell(trials)
    least, most = SAMPLES[experiment]
    if trials["n_samples"].min() < least or trials["n_samples"].max() > most:
        return (
            f"Stand-in data, {len(counts):,} cells with {per_cell} each: this shows that the "
            "workflow runs and says nothing about the published results."
        )
    sentence = _covered(counts, low, per_cell, *GRIDS[experiment])
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
    number = number_of_trials(_trials_by_cell(trials))
    return f"{number} trial{'s' * (number != '1')}"


def _trials_by_cell(trials: pd.DataFrame) -> pd.Series:
    return trials.assign(max_bias=trials["max_bias"].round(6)).groupby(CELL).size()


def _cells(trials: pd.DataFrame, _options: dict[str, Any]) -> pd.DataFrame:
    # A second layer without neurons counts as one, as in the published tables.
    if any(column.startswith("second_width_") for column in trials):
        trials = trials.assign(second_width=published_width(trials))
    return summarise(trials)


DESCRIPTION = Description(
    heading="Interpolation with threshold networks",
    result="second_width",
    table=describe_grid,
    published=published_cells,
    heatmap_cells=_cells,
    per_cell=trials_per_cell,
)
