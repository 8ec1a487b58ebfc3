"""From the tables of chunks to the table of an experiment and its record."""

import json
import time
from pathlib import Path

import numpy as np
import pandas as pd

from memrob.numerics.files import whole_file
from memrob.studies.columns import table_schema
from memrob.studies.tables import TIMES, read_sealed, write_table


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
        CSV to write, one row per trial.
    record : path
        JSON to write: `description`, and the rows, times and times of computation, and what the
        columns mean.
    description : dict
        What is known before: configuration, versions and so on.

    Raises
    ------
    UserError
        If the table of a chunk is damaged.
    """
    tables = [read_sealed(chunk) for chunk in chunks]
    gathered = pd.concat(tables, ignore_index=True)
    present = [pd.read_csv(path, sep="\t") for path in benchmarks if path.exists()]
    write_table(gathered, table)
    content = {
        **description,
        "rows": len(gathered),
        "chunks": len(chunks),
        **{name: round(float(gathered[name].sum()), 3) for name in TIMES if name in gathered},
        "schema": table_schema(gathered, description.get("part", "")),
        "wall_seconds": round(float(sum(b["s"].sum() for b in present)), 1),
        "written": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
    with whole_file(record) as temporary:
        temporary.write_text(json.dumps(content, indent=2, default=_plain, allow_nan=False) + "\n")


def _plain(value):
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in a record")
