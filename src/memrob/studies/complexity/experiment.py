"""Experiments with complexities: a data set, sizes of it, maximal biases and constants."""

import itertools
from dataclasses import dataclass
from typing import ClassVar

from memrob.data.catalogue import DATASETS
from memrob.errors import UserError
from memrob.numerics.cost import Cost
from memrob.studies.base import derived_seed
from memrob.studies.complexity import cost
from memrob.studies.complexity.trial import Trial
from memrob.studies.grid import axis_values
from memrob.studies.of_dataset import DatasetExperiment

KINDS = {"n_samples": int, "max_bias": float, "constant": float}


@dataclass(frozen=True)
class ComplexityExperiment(DatasetExperiment):
    """An experiment that sets theory beside experiment; see `Experiment` for its attributes."""

    part: ClassVar[str] = "complexity"
    trials_rule: ClassVar[str] = "complexity_covering"

    @property
    def rank(self) -> tuple:
        """Sorts experiments by their place on the page."""
        return self.settings["place"], self.name

    def axes(self) -> dict[str, list]:
        """Full grid: values of `n_samples`, `max_bias` and `constant`."""
        most = DATASETS[self.dataset].n_samples
        grid = {"n_samples": [most], **self.settings["grid"]}
        axes = {a: axis_values(self.source, f"grid.{a}", grid[a], k) for a, k in KINDS.items()}
        if max(axes["n_samples"]) > most:
            raise UserError(
                f"{self.source}: grid.n_samples: {max(axes['n_samples'])} are more than the "
                f"{most} points of {self.dataset}"
            )
        return axes

    def trials(self, scale: str) -> list[Trial]:
        """Trials at a scale, the number of points slowest and the constant fastest."""
        settings = self.settings
        return [
            Trial(
                dataset=self.dataset,
                n_samples=n_samples,
                max_bias=max_bias,
                constant=constant,
                eta=settings["eta"],
                draws=settings["draws"],
                seed=derived_seed(f"{self.name}/{n_samples}/{max_bias:.9g}/{constant:.9g}"),
                point_separation=settings.get("point_separation", False),
            )
            for n_samples, max_bias, constant in itertools.product(*self.axes_at(scale).values())
        ]

    def predicted_cost(self, trial: Trial, scale: str) -> Cost:
        """Predicted cost of a trial."""
        return cost.predicted_cost(trial)

    def memory(self, trials: tuple[Trial, ...]) -> float:
        """Bytes of all points, of those that the largest trial takes, and of its blocks."""
        entry = DATASETS[self.dataset]
        return cost.memory(max(t.n_samples for t in trials), entry.n_samples, entry.input_dim)

    def seed_texts(self, scale: str) -> str:
        """Where the seeds of its trials come from, for the record of a run."""
        return "blake2b of experiment and cell"

    def check(self) -> None:
        """Check what the schema cannot.

        Raises
        ------
        UserError
            With the key at fault.
        """
        self.check_dataset()
        super().check()
