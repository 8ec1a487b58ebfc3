"""The tables in which a run is compared with the published results."""

from pathlib import Path

import pandas as pd

from memrob.fidelity import replay as replays
from memrob.fidelity.compare import compare_cells, summarise, with_verdicts
from memrob.studies.interpolation.published import published_cells, published_trials
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
    replay: Path,
    replay_summary: Path,
    reference: Path = Path("data/reference"),
) -> None:
    """Compare trial tables with the published cells, and replayed trials with the published ones.

    A trial of an experiment in the order reference is a published trial run again, and is compared
    as such; those of other experiments have tables of replayed trials.

    Parameters
    ----------
    tables : list of path
        Trial tables, named after their experiments.
    replay_tables : list of path
        Replayed published trials, named after their experiments.
    cells : path
        CSV to write: one row per published cell and quantity.
    replay : path
        CSV to write: one row per published trial that was run again.
    summary, replay_summary : path
        CSV to write: one row per experiment (and quantity).
    reference : path
        Folder of the published tables.
    """
    compared = []
    replayed = {path.stem: pd.read_csv(path) for path in replay_tables}
    for table in tables:
        trials = read_trials(table)
        published = published_cells(reference, table.stem, trials["dataset"].iloc[0])
        single = published_trials(reference, table.stem)
        if published is not None:
            compared.append(compare_cells(table.stem, trials, published, single))
        if single is not None and (trials["order"] == "reference").all():
            replayed[table.stem] = replays.compare_rows(single, trials)
    compared = [comparison for comparison in compared if len(comparison)]
    if compared:
        comparisons = with_verdicts(pd.concat(compared, ignore_index=True))
        write_table(comparisons[COLUMNS], cells)
        write_table(summarise(comparisons), summary)
    else:
        write_table(pd.DataFrame(columns=COLUMNS), cells)
        write_table(summarise(pd.DataFrame(columns=COLUMNS)), summary)
    rows = replays.joined(replayed)
    write_table(rows, replay)
    write_table(replays.summarise(rows), replay_summary)
