"""The files behind a figure: tables, configuration, rule, logs and record, where they exist."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from memrob.gallery.model import Source
from memrob.gallery.tables import trial_path
from memrob.studies.kind import Kind


def link(path: Path, folder: Path) -> str:
    """Address of a file relative to the folder of the page."""
    return quote(Path(os.path.relpath(path, folder)).as_posix())


def existing(folder: Path, files: dict[str, Path]) -> list[Source]:
    """Links to those of the files that exist, in their order; an empty log says so."""
    return [
        Source(label + ("" if path.stat().st_size else " (empty)"), link(path, folder))
        for label, path in files.items()
        if path.is_file()
    ]


def figure_sources(
    root: Path, experiment: dict[str, Any], figure: str, kind: Kind, folder: Path
) -> list[Source]:
    """Links to what a figure was made from and by, as far as it exists.

    Parameters
    ----------
    root, folder : Path
        Folder of the run and folder of the page.
    experiment : dict
        Configuration of the experiment; `source` names its file where that is not
        ``config/experiments/STUDY/NAME.yaml``.
    figure : str
        Name of the figure.
    kind : Kind
        Its kind.

    Returns
    -------
    list of Source
    """
    part, name = experiment["part"], experiment["name"]
    picture, table = root / "figures" / part / name / figure, trial_path(root, experiment)
    files = {
        "PDF": picture.with_suffix(".pdf"),
        "PNG": picture.with_suffix(".png"),
        "printed table (CSV)": picture.with_suffix(".csv"),
    }
    if kind.of_trials:
        files["table (CSV)"] = table
        files["published (CSV)"] = root / "data" / "reference" / f"{name}.csv"
    files["configuration (YAML)"] = configuration_path(root, experiment)
    rule = "printed_table" if kind.printed else "figure"
    found = existing(folder, files) + rule_source(root, rule, folder)
    files = {"log": root / "logs" / part / name / f"{figure}.figure.log"}
    if kind.of_trials:
        files["record (JSON)"] = table.with_suffix(".json")
    return found + existing(folder, files)


def configuration_path(root: Path, experiment: dict[str, Any]) -> Path:
    """Path of the configuration of an experiment, whether or not it exists."""
    custom = root / "config" / "experiments" / experiment["part"] / f"{experiment['name']}.yaml"
    return root / experiment["source"] if "source" in experiment else custom


def rule_source(root: Path, rule: str, folder: Path) -> list[Source]:
    """Link to the file of the workflow that has a rule; none where the workflow is not there."""
    for path in sorted((root / "workflow" / "rules").glob("*.smk")):
        if re.search(rf"^rule {rule}:", path.read_text(encoding="utf-8"), re.MULTILINE):
            return [Source(f"rule {rule}", link(path, folder))]
    return []


def trial_logs(root: Path, experiment: dict[str, Any], chunks: int, folder: Path) -> list[Source]:
    """Links to the logs of the chunks of trials, numbered from 1.

    Parameters
    ----------
    root, folder : Path
        Folder of the run and folder of the page.
    experiment : dict
        Configuration of the experiment.
    chunks : int
        How many chunks its table is made from. Of several logs of one number, which runs at
        other scales leave, the newest is meant.
    """
    logs = root / "logs" / experiment["part"] / experiment["name"]
    newest: dict[int, Path] = {}
    for path in sorted(logs.glob("[0-9][0-9][0-9]-*.log"), key=lambda path: path.stat().st_mtime):
        newest[int(path.name[:3])] = path
    return [
        Source(str(number + 1), link(path, folder))
        for number, path in sorted(newest.items())
        if number < chunks
    ]
