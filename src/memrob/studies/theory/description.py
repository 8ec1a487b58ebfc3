"""What the gallery says of this study and of its tables."""

import pandas as pd

from memrob.studies.description import Description


def _table(_experiment: str, trials: pd.DataFrame) -> str:
    found = f"{trials['seed'].nunique():,} trials"
    if "n_samples" in trials and "dataset" in trials:
        sizes = sorted(trials["n_samples"].unique())
        found += f" on the first {' and '.join(f'{size:,}' for size in sizes)} points"
    return f"{found}. There are no published tables to compare with."


DESCRIPTION = Description(
    heading="Theorems, propositions and remarks", result="seconds", table=_table
)
