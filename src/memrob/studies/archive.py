"""Trials of the scale paper that are kept with the project, and how they get in and out of it.

``data/replication/STUDY/EXPERIMENT.parquet`` is a table of results at that scale, and the record of
its run lies beside it. At the scale archive tables are unpacked from there instead of computed.
"""

import hashlib
import json
from pathlib import Path

from memrob.errors import UserError
from memrob.numerics.files import whole_file
from memrob.studies.base import Experiment
from memrob.studies.recorded import read_recorded
from memrob.studies.tables import write_table

ARCHIVE = Path("data/replication")
KEPT_SCALE = "paper"


def is_archive(scale: str) -> bool:
    """Whether a run at this scale takes its trials from the archive."""
    return scale == "archive"


def computed_scale(scale: str) -> str:
    """The scale whose trials a run at this scale shows."""
    return KEPT_SCALE if is_archive(scale) else scale


def archive_path(study: str, experiment: str, archive: Path = ARCHIVE) -> Path:
    """Where the archived trials of an experiment lie, if there are any."""
    return archive / study / f"{experiment}.parquet"


def archive_hash(experiment: Experiment) -> str:
    """Hash of the archived trials of an experiment and of their record."""
    path = archive_path(experiment.part, experiment.name)
    content = path.read_bytes() + path.with_suffix(".json").read_bytes()
    return hashlib.sha256(content).hexdigest()[:16]


def keep(table: Path, archive: Path = ARCHIVE) -> Path:
    """Put a table of results into the archive.

    Parameters
    ----------
    table : path
        `results/STUDY/EXPERIMENT.csv`, of a run at the scale paper, with its record beside it.
    archive : path
        Folder of the archive.

    Returns
    -------
    path
        The Parquet file.

    Raises
    ------
    UserError
        If the table or its record cannot be read, if it is not all of an experiment at that scale,
        or if the archive cannot be written.
    """
    recorded = read_recorded(table)
    record = recorded.record
    if record["scale"] != KEPT_SCALE:
        raise UserError(
            f"{table}: is of the scale {record['scale']}; the archive keeps {KEPT_SCALE} only"
        )
    packed = archive_path(record["part"], record["experiment"], archive)
    try:
        with whole_file(packed) as trials, whole_file(packed.with_suffix(".json")) as beside:
            recorded.rows.to_parquet(trials, index=False, compression="zstd")
            beside.write_text(json.dumps(record, indent=2) + "\n")
    except OSError as error:
        raise UserError(f"{packed}: cannot be written ({error.strerror or error})") from error
    return packed


def unpack(packed: Path, experiment: Experiment, table: Path, record: Path) -> None:
    """Write the table of an experiment from its archived trials, and the record beside it.

    Parameters
    ----------
    packed : path
        Parquet file of the archive.
    experiment : Experiment
        As it is configured now.
    table, record : path
        CSV and JSON to write, as `memrob.studies.gather` writes them; the record has one key more,
        ``archive``.

    Raises
    ------
    UserError
        If the archived trials are not those of this configuration.
    """
    made = read_recorded(packed)
    if repr(made.trials) != repr(experiment.trials(KEPT_SCALE)):
        raise UserError(
            f"{packed}: holds other trials than {experiment.source} has at the scale {KEPT_SCALE}; "
            "run that scale, or take the change of the configuration back"
        )
    write_table(made.rows, table)
    with whole_file(record) as temporary:
        temporary.write_text(
            json.dumps({**made.record, "archive": packed.as_posix()}, indent=2) + "\n"
        )
