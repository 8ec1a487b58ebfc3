"""Published single trials compared row by row with the same trials run again."""

import numpy as np
import pandas as pd

from memrob.studies.interpolation.published import UNKNOWN_ORDER

SCORE_TOLERANCE = 1e-12
"""Published scores are means of 0s and 1s, which differ by 1 / N at least."""

SUMMARY_COLUMNS = [
    "experiment",
    "compared",
    "rows",
    "exact",
    "share",
    "detectors",
    "detectors_exact",
]

SCORE, SCORE_AND_WIDTHS = "score", "score and widths"
"""What can be the same: without the order of the points, the score alone."""

_PLACE = ["dataset", "n_samples", "first_width", "max_bias", "restart"]


def compare_rows(published: pd.DataFrame, trials: pd.DataFrame) -> pd.DataFrame:
    """Compare published trials with the same trials run again, row by row.

    A published trial without any second-layer neuron has second width 1: the authors' program
    keeps one neuron that never fires. The second width here counts what was constructed, so 0 is
    compared as 1.

    Parameters
    ----------
    published : pandas.DataFrame
        As `memrob.studies.interpolation.published.published_trials` returns them.
    trials : pandas.DataFrame
        Trials in the order reference, as `run_trials` returns them.

    Returns
    -------
    pandas.DataFrame
        One row per trial that is in both, found by its seed and equal in all its parameters:
        `dataset`, `seed`, the parameters, `published_score` and `replayed_score`, second widths
        `published_second_width`, `second_width` and those of each detector, `detectors` and
        `detectors_exact` (how many second layers there are, and how many have the published
        width), `compared` (what can be the same, see `UNKNOWN_ORDER`), `exact` (0 or 1, whether it
        is).
    """
    trials = trials.rename(columns={"accuracy": "replayed_score"})
    detectors = [column for column in published if column.startswith("second_width_")]
    compared = ["score", "second_width", *detectors]
    renamed = {column: f"published_{column}" for column in compared}
    pairs = trials.merge(
        published[["seed", *_PLACE, *compared]].rename(columns=renamed),
        on="seed",
        suffixes=("", "_there"),
        validate="one_to_one",
    )
    exactly = [column for column in _PLACE if column != "max_bias"]
    there = [f"{column}_there" for column in exactly]
    same = (pairs[exactly].to_numpy() == pairs[there].to_numpy()).all(axis=1)
    same &= np.isclose(pairs["max_bias"], pairs["max_bias_there"], rtol=1e-9, atol=1e-12)
    pairs = pairs[same]
    widths = np.maximum(pairs[detectors].to_numpy(), 1)
    agree = widths == pairs[[renamed[column] for column in detectors]].to_numpy()
    scores = np.abs(pairs["replayed_score"] - pairs["published_score"]) <= SCORE_TOLERANCE
    no_order = pairs["dataset"].isin(UNKNOWN_ORDER).to_numpy()
    columns = ["dataset", "seed", *_PLACE[1:], "published_score", "replayed_score"]
    for column in compared[1:]:
        columns += [renamed[column], column]
    return pairs[columns].assign(
        detectors=len(detectors),
        detectors_exact=agree.sum(axis=1),
        compared=np.where(no_order, SCORE, SCORE_AND_WIDTHS),
        exact=((agree.all(axis=1) | no_order) & scores).astype(int),
    )


def joined(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """All compared trials in one table, with `experiment` in front; empty for missing classes."""
    tables = {name: table for name, table in tables.items() if len(table)}
    if not tables:
        return pd.DataFrame(columns=["experiment", "dataset", "seed", "compared", "exact"])
    rows = pd.concat(
        [table.assign(experiment=name) for name, table in tables.items()], ignore_index=True
    )
    widths = [column for column in rows if "second_width" in column]
    last = ["detectors", "detectors_exact", "compared", "exact"]
    others = [column for column in rows if column not in ("experiment", *last)]
    return rows.astype(dict.fromkeys(widths, "Int64"))[["experiment", *others, *last]]


def summarise(replayed: pd.DataFrame) -> pd.DataFrame:
    """One row per experiment: trials compared, exact, their share, and the same for detectors."""
    rows = [
        {
            "experiment": name,
            "compared": table["compared"].iloc[0],
            "rows": len(table),
            "exact": int(table["exact"].sum()),
            "share": table["exact"].mean(),
            "detectors": int(table["detectors"].sum()),
            "detectors_exact": int(table["detectors_exact"].sum()),
        }
        for name, table in replayed.groupby("experiment", sort=False)
    ]
    return pd.DataFrame(rows, columns=SUMMARY_COLUMNS)
