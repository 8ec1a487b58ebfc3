"""The tables in which a run is compared with the published results."""

from pathlib import Path

import pandas as pd

from memrob.fidelity import replay as replays
from memrob.fidelity.compare import compare_cells, summarise, with_verdicts
from memrob.fidelity.published import published_cells
from memrob.studies.tables import read_trials, write_table

COLUMNS = [
    "experiment",
    "dataset",
    "n_samples",
    "first_width",
    "max_bias",
    "quantity",
    "published",
    "replicated",
    "standard_error",
    "z",
    "verdict",
    "trials",
    "published_trials",
    "design",
]


def report(
    tables: list[Path],
    replay_tables: list[Path],
    cells: Path,
    summary: Path,
    replay_summary: Path,
    reference: Path = Path("data/reference"),
) -> None:
    """Compare trial tables with the published cells and summarise the replayed trials.

    Parameters
    ----------
    tables : list of path
        Trial tables, named after their experiments.
    replay_tables : list of path
        Replayed published trials, named after their experiments.
    cells : path
        CSV to write: one row a published cell and quantity.
    summary, replay_summary : path
        CSV to write: one row an experiment (and quantity).
    reference : path
        Folder of the published tables.
    """
    compared = []
    for table in tables:
        trials = read_trials(table)
        published = published_cells(reference, table.stem, trials["dataset"].iloc[0])
        if published is not None:
            compared.append(compare_cells(table.stem, trials, published))
    compared = [comparison for comparison in compared if len(comparison)]
    if compared:
        comparisons = with_verdicts(pd.concat(compared, ignore_index=True))
        write_table(comparisons[COLUMNS], cells)
        write_table(summarise(comparisons), summary)
    else:
        write_table(pd.DataFrame(columns=COLUMNS), cells)
        write_table(summarise(pd.DataFrame(columns=COLUMNS)), summary)
    replayed = {path.stem: pd.read_csv(path) for path in replay_tables}
    write_table(replays.summarise(replayed), replay_summary)
