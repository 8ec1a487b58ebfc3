"""Reads the tables and provenance that the page shows; each may be absent."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from memrob.errors import UserError
from memrob.studies.claim import Claim, decide_claims
from memrob.studies.registry import PARTS

SUMMARY_COLUMNS = ["experiment", "quantity", "cells", "share_within_3", "verdict"]
REPLAY_COLUMNS = ["experiment", "compared", "rows", "exact", "share"]


def compared_columns() -> dict[str, dict[str, dict]]:
    """Columns of the tables of the comparison, by file: name -> type and description."""
    return yaml.safe_load((files("memrob.gallery") / "columns.yaml").read_text("utf-8"))


def trial_path(root: Path, experiment: dict[str, Any]) -> Path:
    """Path of the table of trials of an experiment, whether or not it exists."""
    return root / "results" / experiment["part"] / f"{experiment['name']}.csv"


def read_trials(root: Path, experiment: dict[str, Any]) -> pd.DataFrame | None:
    """Trials of an experiment, None if it was not run."""
    path = trial_path(root, experiment)
    return pd.read_csv(path) if path.is_file() else None


def read_published(root: Path, experiment: dict[str, Any]) -> pd.DataFrame | None:
    """Published cells of an experiment, None where nothing is published of it."""
    published = PARTS[experiment["part"]].description().published
    if published is None:
        return None
    return published(root / "data" / "reference", experiment["name"], experiment.get("dataset", ""))


def read_provenance(root: Path, experiment: dict[str, Any]) -> dict[str, Any]:
    """Record beside the table of trials, empty if there is none."""
    path = trial_path(root, experiment).with_suffix(".json")
    if not path.is_file():
        return {}
    try:
        record = json.loads(path.read_text())
    except json.JSONDecodeError as error:
        raise UserError(f"{path}: not valid JSON ({error}); make the experiment again") from None
    if not isinstance(record, dict):
        raise UserError(f"{path}: holds no JSON object; make the experiment again")
    return record


def read_rows(path: Path, columns: list[str]) -> list[dict[str, Any]]:
    """Rows of a summary table as dictionaries, empty if it was not made."""
    table = read_table(path, columns)
    if table is None:
        return []
    return table.astype(object).where(table.notna(), None).to_dict("records")


def read_table(path: Path, columns: list[str]) -> pd.DataFrame | None:
    """Read a table that should have certain columns, None if it was not made.

    Raises
    ------
    UserError
        If it lacks some of them.
    """
    if not path.is_file():
        return None
    table = pd.read_csv(path)
    absent = [column for column in columns if column not in table]
    if absent:
        raise UserError(f"{path}: no column {', '.join(absent)}; it should have {columns}")
    return table


def experiment_claims(
    root: Path, experiment: dict[str, Any], trials: pd.DataFrame | None
) -> dict[str, list[Claim]]:
    """Claims of an experiment by figure, decided from `trials` and what they are compared with."""
    study, figures = PARTS[experiment["part"]], experiment.get("figures", {})
    beside = _measured(root, figures)
    published = root / "data" / "reference" / f"{experiment['name']}.csv"
    if study.description().published is not None and published.is_file():
        beside = pd.read_csv(published)
    return decide_claims(study.rules(), figures, trials, beside, experiment["name"])


def _measured(root: Path, figures: dict[str, dict[str, Any]]) -> pd.DataFrame | None:
    """Trials of the other experiment that figures compare with, None if it was not run."""
    names = sorted({figure["measured"] for figure in figures.values() if "measured" in figure})
    paths = [path for name in names[:1] for path in root.glob(f"results/*/{name}.csv")]
    return pd.read_csv(paths[0]) if paths else None
