"""Which raw sets can be had: looked for once in a run, before its first job starts."""

import json
from collections.abc import Iterable
from pathlib import Path

from memrob.data.sources import availability
from memrob.numerics.files import whole_file

FILE = Path(".snakemake/memrob/missing.json")
"""Raw sets that the run at work does without, with the reason. It goes with the run."""


class Supply:
    """Raw sets that no source delivers.

    A run looks for a set when it plans jobs that need it. Jobs run in processes of their own, which
    look for nothing and read what the run found.

    Parameters
    ----------
    mirror : str or None
        Folder of the user's with copies.
    """

    def __init__(self, mirror: str | None):
        self._mirror = mirror
        self._reasons: dict[str, str | None] | None = None

    def look(self) -> None:
        """Look for sets from now on, as the process of a run does and no other."""
        self._reasons = {}
        forget()

    def missing(self, raw_sets: Iterable[str]) -> dict[str, str]:
        """Those of some sets that no source delivers, each with the reason in one line.

        A process that does not look takes every set for available that its run has not missed.

        Raises
        ------
        UserError
            If the folder of the user's is not there, or what it holds is damaged.
        """
        if self._reasons is None:
            found = _read()
        else:
            for raw_set in set(raw_sets) - set(self._reasons):
                available, reason = availability(raw_set, self._mirror)
                self._reasons[raw_set] = None if available else reason
            found = {name: reason for name, reason in self._reasons.items() if reason}
            if found:
                _write(found)
        return {raw_set: found[raw_set] for raw_set in raw_sets if raw_set in found}

    def missed(self) -> dict[str, str]:
        """Sets that this run has looked for in vain."""
        return self.missing(self._reasons or ())


def forget() -> None:
    """Forget what an earlier run did without: the next one looks for it again."""
    FILE.unlink(missing_ok=True)


def _write(reasons: dict[str, str]) -> None:
    with whole_file(FILE) as temporary:
        temporary.write_text(json.dumps(reasons), encoding="utf-8")


def _read() -> dict[str, str]:
    try:
        return json.loads(FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
