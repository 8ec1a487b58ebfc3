"""The claims of all figures as one table."""

from pathlib import Path
from typing import Any

import pandas as pd

from memrob.gallery.tables import experiment_claims, read_trials
from memrob.numerics.files import whole_file


def write_claims_table(root: Path, experiments: list[dict[str, Any]], out: Path) -> pd.DataFrame:
    """Decide every claim and write one row per claim.

    Parameters
    ----------
    root : Path
        Folder that holds `results/` and `data/reference/`.
    experiments : list of dict
        Configurations of the experiments, with at least `name` and `part`.
    out : Path
        CSV file to write, usually `results/claims.csv`.

    Returns
    -------
    pandas.DataFrame
        Columns experiment, figure, statement, holds (True, False, or missing where this run
        cannot decide), evidence, source.
    """
    rows = [
        (experiment["name"], figure, claim.statement, claim.holds, claim.evidence, claim.source)
        for experiment in experiments
        for figure, claims in experiment_claims(
            root, experiment, read_trials(root, experiment)
        ).items()
        for claim in claims
    ]
    columns = ["experiment", "figure", "statement", "holds", "evidence", "source"]
    table = pd.DataFrame(rows, columns=columns).astype({"holds": "boolean"})
    with whole_file(out) as path:
        table.to_csv(path, index=False)
    return table
