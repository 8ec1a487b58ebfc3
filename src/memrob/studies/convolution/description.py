"""What the gallery says of this study and of its tables."""

from typing import Any

import pandas as pd

from memrob.studies.convolution.cells import cells_of, selected
from memrob.studies.convolution.trial import CONVOLUTIONAL
from memrob.studies.description import Description, number_of_points


def _table(_experiment: str, trials: pd.DataFrame) -> str:
    counts = trials["network"].value_counts()
    texts = [f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items()]
    return (
        f"{' and '.join(texts)} networks on {number_of_points(trials)} training signals. The "
        "construction is this project's own, in the spirit of the thesis: there are no published "
        "numbers to compare with."
    )


def _cells(trials: pd.DataFrame, options: dict[str, Any]) -> pd.DataFrame:
    needed = ("accuracy", "second_width", "fit_seconds")
    rows = selected(trials, "heatmap", needed, options.get("only"))
    return cells_of(rows, options.get("network", CONVOLUTIONAL))


DESCRIPTION = Description(
    heading="Interpolation with translation-invariant networks",
    result="n_shifts",
    table=_table,
    heatmap_cells=_cells,
)
