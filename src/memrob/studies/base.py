"""What experiments of all parts have in common."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

from memrob.errors import UserError
from memrob.numerics.cost import Cost
from memrob.studies.chunks import Chunk, split
from memrob.studies.grid import axis_values, chosen_indices
from memrob.studies.kind import kind_of

if TYPE_CHECKING:
    from memrob.studies.claim import Rule
    from memrob.studies.description import Description
    from memrob.studies.kind import Kind

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
    """Name of the study: of its folder in `memrob.studies`, and of that of its configurations."""

    trials_rule: ClassVar[str]
    """Name of the rule of the workflow that runs its trials."""

    runs_kernels: ClassVar[bool] = False
    """Whether its trials run compiled kernels."""

    keeps_checkpoints: ClassVar[bool] = False
    """Whether its trials keep what they have computed, see `memrob.studies.run.run_chunk`."""

    # A job needs only its own part of the study, and planning a run needs none: each is imported
    # when it is asked for, from the module of that name beside the class.

    @classmethod
    def runner(cls) -> Callable[..., Any]:
        """The function that runs its trials, see `memrob.studies.run.run_chunk`."""
        return cls._beside("trials").run_trials

    @classmethod
    def kinds(cls) -> dict[str, "Kind"]:
        """Its kinds of figures, by name."""
        return cls._beside("figures").KINDS

    @classmethod
    def rules(cls) -> dict[str, "Rule"]:
        """The rules that decide its claims, by name."""
        return cls._beside("claims").RULES

    @classmethod
    def description(cls) -> "Description":
        """What the gallery says of it."""
        return cls._beside("description").DESCRIPTION

    @classmethod
    def _beside(cls, module: str) -> ModuleType:
        return import_module(f"{cls.__module__.rpartition('.')[0]}.{module}")

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

    def kind(self, figure: str) -> "Kind":
        """Kind of one of its figures.

        Raises
        ------
        UserError
            If there is no such kind.
        """
        return kind_of(self.kinds(), self.figures[figure], f"{self.source}: figures.{figure}")

    def target(self, figure: str) -> str:
        """Path of the file of one of its figures, below the folder of a run."""
        return f"figures/{self.part}/{self.name}/{figure}{self.kind(figure).suffix}"

    def check_figures(self) -> None:
        """Check kinds, options and claims of its figures.

        Raises
        ------
        UserError
            With the key at fault.
        """
        rules = self.rules()
        for name, figure in self.figures.items():
            where = f"{self.source}: figures.{name}"
            self.kind(name).check_options(figure, where)
            for place, claim in enumerate(figure.get("claims", ())):
                if claim["rule"] not in rules:
                    raise UserError(
                        f"{where}.claims.{place}.rule: is {claim['rule']!r}; "
                        f"it must be one of {', '.join(rules)}"
                    )
            if "only" in figure:
                self._check_only(figure["only"], f"{where}.only")

    def _check_only(self, only: dict[str, Any], where: str) -> None:
        for scale in filter(self.has_trials, self.settings.get("scales", ())):
            axes = self.axes_at(scale)
            for axis in only.keys() & axes.keys():
                if only[axis] not in axes[axis]:
                    listed = ", ".join(map(str, axes[axis]))
                    raise UserError(
                        f"{where}.{axis}: is {only[axis]!r}; the scale {scale} has {listed} only"
                    )

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

    def axes(self) -> dict[str, list]:
        """Values of each axis of the full grid, slowest first."""
        raise NotImplementedError

    def chosen(self, scale: str) -> dict[str, list[int]]:
        """Indices into each axis of the values that a scale takes, all where it names none.

        Raises
        ------
        UserError
            If it selects what the grid does not have.
        """
        selection, found = self.settings["scales"][scale], {}
        for axis, values in self.axes().items():
            key, wanted = f"scales.{scale}.{axis}", selection.get(axis)
            if wanted is not None:
                wanted = axis_values(self.source, key, wanted, type(values[0]))
            found[axis] = chosen_indices(self.source, key, values, wanted)
        return found

    def axes_at(self, scale: str) -> dict[str, list]:
        """Values of each axis that a scale takes."""
        axes = self.axes()
        return {
            axis: [axes[axis][i] for i in indices] for axis, indices in self.chosen(scale).items()
        }

    def trials(self, scale: str) -> list[Any]:
        """Trials at a scale, in the order of the table."""
        raise NotImplementedError

    def predicted_cost(self, trial: Any, scale: str) -> Cost:
        """Predicted cost of a trial."""
        raise NotImplementedError

    def memory(self, trials: tuple) -> float:
        """Approximate number of bytes that a job with these trials needs."""
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
        costs = [self.predicted_cost(trial, scale) for trial in trials]
        chunks = split(trials, costs, chunk_seconds, self.shared_by(scale))
        return {chunk.name: chunk for chunk in chunks}

    def chunk(self, name: str, scale: str, chunk_seconds: float) -> Chunk:
        """One of its chunks at a scale.

        Raises
        ------
        UserError
            If there is no such chunk.
        """
        chunks = self.chunks(scale, chunk_seconds)
        if name not in chunks:
            raise UserError(f"chunk {name}: is not one of {self.source} at scale {scale}")
        return chunks[name]

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
