"""What the gallery says of this study and of its tables."""

import pandas as pd

from memrob.studies.description import Description, number_of_trials

NETWORK_CELL = ["input_dim", "width", "depth", "bias"]


def _table(_experiment: str, trials: pd.DataFrame) -> str:
    networks = trials.drop_duplicates([*NETWORK_CELL, "restart"])
    counts = networks.groupby(NETWORK_CELL).size()
    return (
        f"{len(networks):,} random networks, {number_of_trials(counts)} for each of {len(counts)} "
        f"settings, and {trials['p'].nunique()} values of p. There are no published numbers to "
        "compare with: the claims compare with what the theorems say."
    )


DESCRIPTION = Description(
    heading="Lipschitz constants of random ReLU networks",
    result="lower",
    table=_table,
)
