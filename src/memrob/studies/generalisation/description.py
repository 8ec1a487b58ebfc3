"""What the gallery says of this study and of its tables."""

import pandas as pd

from memrob.studies.description import Description, number_of_trials


def _table(_experiment: str, trials: pd.DataFrame) -> str:
    if "network" not in set(trials["classifier"]):
        return ""
    networks = trials[trials["classifier"] == "network"]
    counts = networks.groupby(["first_width", "max_bias"]).size()
    return (
        f"{len(networks):,} networks, {number_of_trials(counts)} for each of {len(counts)} "
        f"settings, constructed on {int(networks['n_train'].iloc[0]):,} points and tested on "
        f"{int(networks['n_test'].iloc[0]):,}. There are no published numbers to compare with."
    )


DESCRIPTION = Description(
    heading="Test accuracy of networks that interpolate",
    result="test_accuracy",
    table=_table,
)
