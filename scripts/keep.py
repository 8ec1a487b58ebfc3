"""Put tables of a run at the scale paper into the archive."""

from pathlib import Path

from memrob.studies.archive import ARCHIVE, keep
from memrob.workflow.jobs import run_shell


def keep_all(tables: list[Path], archive: Path = ARCHIVE) -> None:
    """Put tables of a run at the scale paper into the archive.

    Parameters
    ----------
    tables : list of path
        `results/STUDY/EXPERIMENT.csv`.
    archive : path
        Folder of the archive.
    """
    for table in tables:
        print(keep(table, archive))


if __name__ == "__main__":
    run_shell(keep_all)
