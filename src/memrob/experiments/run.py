"""What the jobs of the workflow do: each takes paths, and writes whole files."""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from memrob.data.npz import load_npz
from memrob.errors import UserError
from memrob.experiments.trials import Trial, run_trials
from memrob.numerics.files import whole_file


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as plain CSV, floats with all their digits."""
    with whole_file(path) as temporary:
        table.to_csv(temporary, index=False)


def run_chunk(trials: list[Trial], dataset: Path, table: Path, threads: int = 1) -> None:
    """Run the trials of a chunk, with progress on standard error, and write their table.

    Parameters
    ----------
    trials : list of Trial
        At least one.
    dataset : path
        NPZ with `X` and `y`.
    table : path
        CSV to write, one row a trial.
    threads : int
        Threads of the matrix products.
    """
    data = load_npz(dataset)
    shown = tqdm(trials, unit="trial", mininterval=5, ascii=True, file=sys.stderr)
    write_table(run_trials(shown, data, threads), table)


def gather(
    chunks: list[Path], benchmarks: list[Path], table: Path, record: Path, description: dict
) -> None:
    """Gather the tables of an experiment's chunks into one, and describe it beside.

    Parameters
    ----------
    chunks : list of path
        CSV tables, in the order of the trials.
    benchmarks : list of path
        Snakemake's benchmark files of the chunks; those that are absent are passed over.
    table : path
        CSV to write, one row a trial.
    record : path
        JSON to write: `description`, and the rows, times and times of computation.
    description : dict
        What is known before: configuration, versions and so on.
    """
    gathered = pd.concat([pd.read_csv(chunk) for chunk in chunks], ignore_index=True)
    present = [pd.read_csv(path, sep="\t") for path in benchmarks if path.exists()]
    write_table(gathered, table)
    content = {
        **description,
        "rows": len(gathered),
        "chunks": len(chunks),
        "fit_seconds": round(float(gathered["fit_seconds"].sum()), 3),
        "wall_seconds": round(float(sum(b["s"].sum() for b in present)), 1),
        "written": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
    with whole_file(record) as temporary:
        temporary.write_text(json.dumps(content, indent=2, default=_plain) + "\n")


def _plain(value):
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in a record")


def read_trials(table: Path) -> pd.DataFrame:
    """Read a trial table.

    Raises
    ------
    UserError
        If it is not one.
    """
    try:
        trials = pd.read_csv(table)
        trials["second_width"]
    except (OSError, KeyError, pd.errors.ParserError, pd.errors.EmptyDataError):
        raise UserError(f"{table}: is not a trial table; delete it and run again") from None
    return trials
