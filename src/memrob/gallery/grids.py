"""How much of the published grid a table of trials covers, in words."""

import pandas as pd

from memrob.interpolation.cells import shares_weights
from memrob.interpolation.claims.check import SAMPLES

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
NETWORK_CELL = ["input_dim", "width", "depth", "bias"]


def describe_networks(trials: pd.DataFrame | None) -> str:
    """Say how many cells and networks a table of Lipschitz constants has.

    Parameters
    ----------
    trials : pandas.DataFrame or None
        One row a network and p.

    Returns
    -------
    str
        One sentence; empty where there are no trials.
    """
    if trials is None or trials.empty:
        return ""
    networks = trials.drop_duplicates([*NETWORK_CELL, "restart"])
    counts = networks.groupby(NETWORK_CELL).size()
    low, high = int(counts.min()), int(counts.max())
    per_cell = f"{low}" if low == high else f"{low} to {high}"
    return (
        f"{len(networks):,} random networks, {per_cell} for each of {len(counts)} settings, "
        f"and {trials['p'].nunique()} values of p. There are no published numbers to compare "
        "with: the claims compare with what the theorems say."
    )


def describe_classifiers(trials: pd.DataFrame | None) -> str:
    """Say how many networks and other classifiers a table of test accuracies has.

    Parameters
    ----------
    trials : pandas.DataFrame or None
        One row a classifier.

    Returns
    -------
    str
        One sentence; empty where there are no networks.
    """
    if trials is None or "network" not in set(trials["classifier"]):
        return ""
    networks = trials[trials["classifier"] == "network"]
    counts = networks.groupby(["first_width", "max_bias"]).size()
    low, high = int(counts.min()), int(counts.max())
    per_cell = f"{low}" if low == high else f"{low} to {high}"
    return (
        f"{len(networks):,} networks, {per_cell} for each of {len(counts)} settings, constructed "
        f"on {int(networks['n_train'].iloc[0]):,} points and tested on "
        f"{int(networks['n_test'].iloc[0]):,}. There are no published numbers to compare with."
    )


def describe_coverings(trials: pd.DataFrame | None) -> str:
    """Say how many mutual coverings a table of complexities has, and for which settings.

    Parameters
    ----------
    trials : pandas.DataFrame or None
        One row a trial and class.

    Returns
    -------
    str
        One sentence; empty where there are no trials.
    """
    if trials is None or trials.empty:
        return ""
    names = {"n_samples": "N", "max_bias": "λ", "constant": "the constant c"}
    axes = " and ".join(
        f"{trials[column].nunique()} value{'s' * (trials[column].nunique() > 1)} of {name}"
        for column, name in names.items()
    )
    return (
        f"{len(trials):,} mutual coverings, for {axes}. The theory leaves constants open: only "
        "how its numbers move with the data is compared, but for the second width."
    )


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
