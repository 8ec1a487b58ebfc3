"""What the gallery says of this study and of its tables."""

import pandas as pd

from memrob.studies.description import Description, number_of_points


def _table(_experiment: str, trials: pd.DataFrame) -> str:
    # One row per network, a search, an image of one network, or an epoch of one.
    seeds = trials["restart"].nunique()
    return (
        f"{len(trials):,} rows, of {seeds} seed{'s' * (seeds > 1)} and "
        f"{number_of_points(trials)} training points. There are no published numbers to compare "
        "with."
    )


DESCRIPTION = Description(
    heading="Networks trained by gradient descent",
    result="restart",
    table=_table,
)
