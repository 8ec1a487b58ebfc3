"""Experiments on statements of [M]: which statement, on which data, over which grid."""

import itertools
from dataclasses import dataclass
from typing import ClassVar

from memrob.data.catalogue import DATASETS
from memrob.errors import UserError
from memrob.numerics.cost import Cost
from memrob.studies.base import Experiment, derived_seed
from memrob.studies.grid import axis_values
from memrob.studies.theory import cost
from memrob.studies.theory.trial import AXES, OF_DATASET, Trial

SHORT_SHARE = 0.1
"""Of the time of trials, which the coverings of their points may take in each of several jobs."""


@dataclass(frozen=True)
class TheoryExperiment(Experiment):
    """An experiment on one statement of [M]; see `Experiment` for its attributes."""

    part: ClassVar[str] = "theory"
    trials_rule: ClassVar[str] = "theory_statements"
    runs_kernels: ClassVar[bool] = True

    @property
    def statement(self) -> str:
        """The statement that it is about."""
        return self.settings["statement"]

    @property
    def dataset(self) -> str | None:
        """Name of its data set, None if the statement makes its own points."""
        return self.settings.get("dataset")

    @property
    def download(self) -> str | None:
        """The raw set that must be downloaded for it, if any."""
        return None if self.dataset is None else DATASETS[self.dataset].downloads

    @property
    def rank(self) -> tuple:
        """Sorts experiments by statement, then in the order of the catalogue."""
        place = -1 if self.dataset is None else list(DATASETS).index(self.dataset)
        return list(AXES).index(self.statement), place, self.name

    def axes(self) -> dict[str, list]:
        """Full grid: values of each axis of the statement."""
        kinds, grid = AXES[self.statement], self.settings["grid"]
        for axis in kinds.keys() - grid.keys():
            raise UserError(f"{self.source}: grid.{axis}: is missing; {self.statement} needs it")
        for axis in grid.keys() - kinds.keys():
            raise UserError(
                f"{self.source}: grid.{axis}: is no axis of {self.statement}; those are "
                f"{', '.join(kinds)}"
            )
        return {a: axis_values(self.source, f"grid.{a}", grid[a], k) for a, k in kinds.items()}

    def trials(self, scale: str) -> list[Trial]:
        """Trials at a scale, in the order of the axes, then of the restarts."""
        axes, found = self.axes_at(scale), []
        for values in itertools.product(*axes.values()):
            cell = tuple(zip(axes, values, strict=True))
            text = "/".join(f"{v:.9g}" if isinstance(v, float) else str(v) for v in values)
            for restart in range(self.restarts_at(scale)):
                seed = derived_seed(f"{self.name}/{text}/{restart}")
                found.append(Trial(self.statement, self.dataset, cell, restart, seed))
        return found

    def predicted_cost(self, trial: Trial, scale: str) -> Cost:
        """Predicted cost of a trial, with its share of the coverings."""
        alone = cost.predicted_cost(trial)
        if self.statement != "roles":
            return alone
        return alone + cost.covering_cost(trial) * (1 / self._sharing(scale))

    def shared_by(self, scale: str) -> int:
        """Trials on the same points, where to cover these again in each job would take long."""
        if self.statement != "roles":
            return 1
        trials, sharing = self.trials(scale), self._sharing(scale)
        alone = sum(cost.predicted_cost(trial).seconds for trial in trials[:sharing])
        covering = cost.covering_cost(trials[0]).seconds
        return sharing if covering > SHORT_SHARE * alone else 1

    def _sharing(self, scale: str) -> int:
        """Number of trials on the same points, which are neighbours."""
        axes = self.axes_at(scale)
        return len(axes["first_width"]) * self.restarts_at(scale)

    def memory(self, trials: tuple[Trial, ...]) -> float:
        """Bytes of the points, those taken once more, and of blocks of distances."""
        return max(cost.memory(trial) for trial in trials)

    def check(self) -> None:
        """Check what the schema cannot.

        Raises
        ------
        UserError
            With the key at fault.
        """
        about, named = self.statement in OF_DATASET, self.dataset
        if about != (named is not None):
            wanted = "is missing; it is about one" if about else "is none of its keys"
            raise UserError(f"{self.source}: dataset: statement {self.statement}: {wanted}")
        if named is not None and named not in DATASETS:
            raise UserError(
                f"{self.source}: dataset: is {named!r}; it must be one of {', '.join(DATASETS)}"
            )
        most = max(self.axes().get("n_samples", [0]))
        if named is not None and most > DATASETS[named].n_samples:
            raise UserError(
                f"{self.source}: grid.n_samples: {most} are more than the "
                f"{DATASETS[named].n_samples} points of {named}"
            )
        super().check()
