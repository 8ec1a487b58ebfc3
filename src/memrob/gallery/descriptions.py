"""How much the tables of trials of each part cover, in words."""

from collections.abc import Callable

import pandas as pd

from memrob.gallery.grids import describe_grid

NETWORK_CELL = ["input_dim", "width", "depth", "bias"]


def describe(part: str, experiment: str, trials: pd.DataFrame | None) -> str:
    """Say how much a table of trials covers.

    Parameters
    ----------
    part, experiment : str
        Names.
    trials : pandas.DataFrame or None
        The table, None if the experiment was not run.

    Returns
    -------
    str
        One or two sentences; empty where there are no trials.
    """
    if trials is None or trials.empty:
        return ""
    if part == "interpolation":
        return describe_grid(experiment, trials)
    return DESCRIPTIONS[part](trials)


def _networks(trials: pd.DataFrame) -> str:
    networks = trials.drop_duplicates([*NETWORK_CELL, "restart"])
    counts = networks.groupby(NETWORK_CELL).size()
    low, high = int(counts.min()), int(counts.max())
    per_cell = f"{low}" if low == high else f"{low} to {high}"
    return (
        f"{len(networks):,} random networks, {per_cell} for each of {len(counts)} settings, "
        f"and {trials['p'].nunique()} values of p. There are no published numbers to compare "
        "with: the claims compare with what the theorems say."
    )


def _classifiers(trials: pd.DataFrame) -> str:
    if "network" not in set(trials["classifier"]):
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


def _coverings(trials: pd.DataFrame) -> str:
    names = {"n_samples": "N", "max_bias": "λ", "constant": "the constant c"}
    axes = " and ".join(
        f"{trials[column].nunique()} value{'s' * (trials[column].nunique() > 1)} of {name}"
        for column, name in names.items()
    )
    return (
        f"{len(trials):,} mutual coverings, for {axes}. The theory leaves constants open: only "
        "how its numbers move with the data is compared, but for the second width."
    )


def _invariant(trials: pd.DataFrame) -> str:
    counts = trials["network"].value_counts()
    texts = [f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items()]
    sizes = trials["n_samples"].unique()
    points = f"{sizes.min():,}" if len(sizes) == 1 else f"{sizes.min():,} to {sizes.max():,}"
    return (
        f"{' and '.join(texts)} networks on {points} training signals. The construction is this "
        "project's own in the spirit of the thesis's third chapter, whose text is not at hand: "
        "there are no published numbers to compare with."
    )


def _trained(trials: pd.DataFrame) -> str:
    # One row a network, a search, an image of one network, or an epoch of one.
    seeds = trials["restart"].nunique()
    sizes = trials["n_samples"].unique()
    points = f"{sizes.min():,}" if len(sizes) == 1 else f"{sizes.min():,} to {sizes.max():,}"
    return (
        f"{len(trials):,} rows, of {seeds} seed{'s' * (seeds > 1)} and {points} training points. "
        "There are no published numbers to compare with."
    )


DESCRIPTIONS: dict[str, Callable[[pd.DataFrame], str]] = {
    "generalisation": _classifiers,
    "complexity": _coverings,
    "convolution": _invariant,
    "training": _trained,
    "lipschitz": _networks,
}
