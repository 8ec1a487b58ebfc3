"""What the gallery says of this study and of its tables."""

import pandas as pd

from memrob.studies.description import Description


def _table(_experiment: str, trials: pd.DataFrame) -> str:
    names = {"n_samples": "N", "max_bias": "λ", "constant": "the constant c"}
    axes = " and ".join(
        f"{trials[column].nunique()} value{'s' * (trials[column].nunique() > 1)} of {name}"
        for column, name in names.items()
    )
    return (
        f"{len(trials):,} mutual coverings, for {axes}. The theory leaves constants open: only "
        "how its numbers move with the data is compared, but for the second width."
    )


DESCRIPTION = Description(
    heading="Theory beside experiment",
    result="M_minus",
    table=_table,
)
