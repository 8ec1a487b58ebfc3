"""The table of many trials, each by the module of its statement."""

import time
from collections.abc import Callable, Iterable

import pandas as pd
from threadpoolctl import threadpool_limits

from memrob.data.dataset import Dataset
from memrob.studies.theory.statements import alternating, angles, regions, roles, structure
from memrob.studies.theory.trial import Trial

RUN: dict[str, Callable[[Trial, Dataset | None, dict], list[dict]]] = {
    "roles": roles.run,
    "regions": regions.run,
    "alternating": alternating.run,
    "structure": structure.run,
    "angles": angles.run,
}


def run_trials(
    trials: Iterable[Trial], data: Dataset | None = None, threads: int = 1
) -> pd.DataFrame:
    """Run trials one after the other, in their order.

    Parameters
    ----------
    trials : iterable of Trial
        Trials of one statement.
    data : Dataset, optional
        The whole data set, for statements about one.
    threads : int
        Threads of the matrix products.

    Returns
    -------
    pandas.DataFrame
        One or more rows per trial: its parameters, what the module of its statement finds, and
        `seconds`, the wall time of the trial over its rows.
    """
    rows: list[dict] = []
    kept: dict = {}
    with threadpool_limits(limits=threads):
        for trial in trials:
            start = time.perf_counter()
            found = RUN[trial.statement](trial, data, kept)
            seconds = round((time.perf_counter() - start) / len(found), 6)
            rows.extend({**trial.columns, **row, "seconds": seconds} for row in found)
    return pd.DataFrame(rows)
