"""What the gallery says of this study and of its tables."""

import pandas as pd

from memrob.studies.description import Description, number_of_points, number_of_trials
from memrob.studies.smaller.trial import REFERENCES

CELL = ["selection", "n_samples", "first_width", "max_bias", "noise"]


def _table(_experiment: str, trials: pd.DataFrame) -> str:
    networks = trials[~trials["selection"].isin(REFERENCES)]
    counts = networks.groupby(CELL).size()
    return (
        f"{len(networks):,} trials, {number_of_trials(counts)} for each of {len(counts)} settings, "
        f"on {number_of_points(trials)} training points. All selections of a setting start from "
        "the same hyperplanes. There are no published numbers to compare with."
    )


DESCRIPTION = Description(
    heading="Smaller networks, and noise", result="second_width", table=_table
)
