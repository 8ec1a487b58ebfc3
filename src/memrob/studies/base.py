"""What experiments of all parts have in common."""

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar

from memrob.errors import UserError
from memrob.studies.chunks import Chunk, split

SCALES = ("smoke", "default", "paper")


@dataclass(frozen=True)
class Experiment:
    """An experiment; each part has a class of its own.

    Attributes
    ----------
    name : str
        Name of its file.
    source : str
        Path of its file, for messages.
    settings : dict
        The validated content of its file.
    """

    name: str
    source: str
    settings: dict

    part: ClassVar[str]
    """Part that the class belongs to. Its name is that of the folder of its configurations, of its
    schema, and of what belongs to it in `memrob.studies`, `memrob.plots` and `memrob`."""

    heading: ClassVar[str]
    """What the part is about, its heading in the gallery."""

    result: ClassVar[str]
    """A column that every table of the part has."""

    runs_kernels: ClassVar[bool] = False
    """Whether its trials run compiled kernels."""

    beside: ClassVar[str | None] = None
    """What its claims are decided with beside its own table: "published" cells, a "measured" table
    of another part, or nothing."""

    kinds_of_dataset: ClassVar[frozenset[str]] = frozenset()
    """Kinds of figures that are drawn from the data set, not from a table."""

    kinds_of_nothing: ClassVar[frozenset[str]] = frozenset()
    """Kinds of figures that need neither."""

    @property
    def dataset(self) -> str | None:
        """Name of its data set, None if it needs none."""
        return None

    @property
    def download(self) -> str | None:
        """The raw set that must be downloaded for it, if any."""
        return None

    @property
    def figures(self) -> dict[str, dict]:
        """Its figures: name -> kind, options and texts."""
        return self.settings["figures"]

    @classmethod
    def is_of_table(cls, figure: dict) -> bool:
        """Whether a figure, given its options, is drawn from a table of trials."""
        return figure.get("kind") not in cls.kinds_of_dataset | cls.kinds_of_nothing

    @property
    def rank(self) -> tuple:
        """Sorts experiments of a part."""
        return (self.name,)

    def takes_part(self, scale: str) -> bool:
        """Whether anything of it is made at a scale."""
        return "grid" not in self.settings or scale in self.settings["scales"]

    def has_trials(self, scale: str) -> bool:
        """Whether it has trials at a scale."""
        return "grid" in self.settings and scale in self.settings["scales"]

    def check(self) -> None:
        """Check what the schema cannot.

        Raises
        ------
        UserError
            With the key at fault.
        """
        for scale in self.settings.get("scales", {}):
            self.trials(scale)

    def trials(self, scale: str) -> list[Any]:
        """Trials at a scale, in the order of the table."""
        raise NotImplementedError

    def predicted_seconds(self, trial: Any, scale: str) -> float:
        """Predicted time of a trial on one core."""
        raise NotImplementedError

    def memory(self, trials: tuple) -> float:
        """Bytes that a job with these trials needs, about."""
        raise NotImplementedError

    def shared_by(self, scale: str) -> int:
        """Number of neighbouring trials at a scale that must stay together."""
        return 1

    def seed_texts(self, scale: str) -> str:
        """Where the seeds of its trials come from, for the record of a run."""
        return "blake2b of experiment, cell and restart"

    def chunks(self, scale: str, chunk_seconds: float) -> dict[str, Chunk]:
        """Chunks of its trials at a scale, by name."""
        trials = self.trials(scale)
        seconds = [self.predicted_seconds(trial, scale) for trial in trials]
        chunks = split(trials, seconds, chunk_seconds, self.shared_by(scale))
        return {chunk.name: chunk for chunk in chunks}

    def restarts_at(self, scale: str) -> int:
        """Restarts of each cell at a scale.

        Raises
        ------
        UserError
            If it has fewer.
        """
        most = int(self.settings["restarts"])
        restarts = int(self.settings["scales"][scale].get("restarts", most))
        if restarts > most:
            raise UserError(
                f"{self.source}: scales.{scale}.restarts: is {restarts}; there are {most} at most"
            )
        return restarts


def derived_seed(name: str) -> int:
    """Seed that belongs to a name: 53 bits, which every table format holds exactly."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 11
