"""The trials that are kept with the project, compared with the published ones as a run's are."""

import json
from pathlib import Path

import pandas as pd

from docs.generator.markdown import table
from memrob.fidelity.report import report
from memrob.gallery import write_claims_table
from memrob.studies.archive import archive_path, unpack
from memrob.studies.interpolation.published import published_trials
from memrob.studies.registry import load_experiments
from memrob.studies.tables import TIMES

KEPT = (
    "Every published cell with all its restarts, and tables on Lipschitz constants, which have no "
    "published cells, computed once; the trials are in "
    "[data/replication](../data/replication/README.md), and `make figures SCALE=archive` draws "
    "their figures."
)

HEAD = ["experiment", "trials", "hours here, one thread", "CPU-hours as published", "commit"]


def unpacked(root: Path, folder: Path) -> Path:
    """Write the tables of a run at the scale archive, without its figures.

    Parameters
    ----------
    root : path
        Folder with ``data`` and ``config``.
    folder : path
        Empty folder to write to.

    Returns
    -------
    path
        The folder of the tables, as ``results`` is laid out.
    """
    results = folder / "results"
    (folder / "data").symlink_to((root / "data").resolve())
    experiments, tables = [], []
    for experiment in load_experiments(root / "config" / "experiments").values():
        packed = archive_path(experiment.part, experiment.name, root / "data/replication")
        if packed.exists():
            experiments.append(experiment)
            tables.append(results / experiment.part / f"{experiment.name}.csv")
            unpack(packed, experiment, tables[-1], tables[-1].with_suffix(".json"))
    names = ("fidelity", "fidelity_summary", "replay", "replay_summary")
    compared = [results / f"{name}.csv" for name in names]
    with_published = [path for path in tables if path.parent.name == "interpolation"]
    report(with_published, [], *compared, reference=root / "data" / "reference")
    described = [
        {"name": experiment.name, "part": experiment.part, **experiment.settings}
        for experiment in experiments
    ]
    write_claims_table(folder, described, results / "claims.csv")
    return results


def sizes(results: Path) -> str:
    """Table of the kept experiments: trials, and how long they took here and as published.

    Parameters
    ----------
    results : path
        What `unpacked` returned.
    """
    rows, total = [], [0, 0.0, 0.0]
    for path in sorted(results.glob("*/*.json")):
        rows_of = pd.read_csv(path.with_suffix(".csv"), usecols=lambda name: name in (*TIMES, "p"))
        # A network of a Lipschitz table has a row for each p.
        n_trials = len(rows_of) // (rows_of["p"].nunique() if "p" in rows_of else 1)
        hours = rows_of[[name for name in TIMES if name in rows_of]].sum().sum() / 3600
        published = published_trials(results.parent / "data" / "reference", path.stem)
        theirs = 0.0 if published is None else published["fit_seconds"].sum() / 3600
        total = [total[0] + n_trials, total[1] + hours, total[2] + theirs]
        commit = json.loads(path.read_text())["git_commit"][:9]
        rows.append([f"`{path.stem}`", f"{n_trials:,}", *_hours(hours, theirs), commit])
    rows.append(["together", f"{total[0]:,}", *_hours(*total[1:]), ""])
    return table(HEAD, rows)


def _hours(here: float, published: float) -> list[str]:
    return [f"{here:.2f}", f"{published:,.1f}" if published else "–"]
