"""Reads the tables and provenance that the page shows; each may be absent."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from memrob.errors import UserError
from memrob.fidelity.published import published_cells
from memrob.studies.claim import Claim
from memrob.studies.registry import PARTS

SUMMARY_COLUMNS = ["experiment", "quantity", "cells", "share_within_3", "verdict"]
REPLAY_COLUMNS = ["experiment", "rows", "exact", "share"]


def trial_path(root: Path, experiment: dict[str, Any]) -> Path:
    """Path of the table of trials of an experiment, whether or not it exists."""
    return root / "results" / experiment["part"] / f"{experiment['name']}.csv"


def read_trials(root: Path, experiment: dict[str, Any]) -> pd.DataFrame | None:
    """Trials of an experiment, None if it was not run."""
    path = trial_path(root, experiment)
    return pd.read_csv(path) if path.is_file() else None


def read_published(root: Path, experiment: dict[str, Any]) -> pd.DataFrame | None:
    """Published cells of an experiment, None where nothing is published of it."""
    if PARTS[experiment["part"]].beside != "published":
        return None
    return published_cells(
        root / "data" / "reference", experiment["name"], experiment.get("dataset", "")
    )


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
    """Claims of an experiment by figure, decided from `trials` and what is set beside them."""
    part, name = experiment["part"], experiment["name"]
    beside = []
    if PARTS[part].beside == "published":
        path = root / "data" / "reference" / f"{name}.csv"
        beside = [pd.read_csv(path) if path.is_file() else None]
    elif PARTS[part].beside == "measured":
        beside = [_measured(root, experiment)]
    check_claims = import_module(f"memrob.studies.{part}.claims").check_claims
    return check_claims(name, trials, *beside)


def _measured(root: Path, experiment: dict[str, Any]) -> pd.DataFrame | None:
    figures = experiment.get("figures", {}).values()
    names = sorted({figure["measured"] for figure in figures if "measured" in figure})
    return read_trials(root, {"part": "interpolation", "name": names[0]}) if names else None
