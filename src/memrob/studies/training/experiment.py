"""Experiments with networks trained by gradient descent: a study on a data set."""

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from memrob.data.catalogue import DATASETS
from memrob.errors import UserError
from memrob.numerics.cost import Cost
from memrob.studies.grid import axis_values
from memrob.studies.of_dataset import DatasetExperiment
from memrob.studies.training.double_descent import DoubleDescent
from memrob.studies.training.lipschitz import LipschitzCourse
from memrob.studies.training.plan import Plan
from memrob.studies.training.random_features import RandomFeatures
from memrob.studies.training.robustness import Robustness
from memrob.studies.training.threshold import Threshold
from memrob.studies.training.trial import Trial
from memrob.training.settings import Settings

STUDIES: dict[str, type[Trial]] = {
    "random_features": RandomFeatures,
    "double_descent": DoubleDescent,
    "threshold": Threshold,
    "robustness": Robustness,
    "lipschitz": LipschitzCourse,
}
"""Class of the trials of each study."""

OPTIONS = ("training", "search", "attack")
"""Keys that some studies need and the others do not know."""


@dataclass(frozen=True)
class TrainingExperiment(DatasetExperiment):
    """An experiment of the part on trained networks; see `Experiment` for its attributes."""

    part: ClassVar[str] = "training"
    trials_rule: ClassVar[str] = "training_runs"
    runs_kernels: ClassVar[bool] = True
    keeps_checkpoints: ClassVar[bool] = True

    @property
    def rank(self) -> tuple:
        """Sorts experiments by their place on the page."""
        return self.settings["place"], self.name

    @property
    def study(self) -> type[Trial]:
        """Class of its trials."""
        return STUDIES[self.settings["study"]]

    def axes(self) -> dict[str, list]:
        """Full grid: values of the axes of the study, in their order."""
        grid, found = self.settings["grid"], {}
        for axis, kind in self.study.axes.items():
            kind = str if isinstance(kind, tuple) else kind
            found[axis] = axis_values(self.source, f"grid.{axis}", grid[axis], kind)
        return found

    def trials(self, scale: str) -> list[Trial]:
        """Trials at a scale, in the order of the study."""
        return self.study.of_plan(self._plan(scale))

    def _plan(self, scale: str) -> Plan:
        settings, selection = self.settings, self.settings["scales"][scale]
        try:
            training = Settings(**settings.get("training", {}))
        except UserError as error:
            raise UserError(f"{self.source}: training.{error}") from None
        return Plan(
            name=self.name,
            axes=self.axes_at(scale),
            restarts=self.restarts_at(scale),
            training=training,
            points={
                "dataset": self.dataset,
                "n_test": settings.get("test", 0),
                **{key: settings[key] for key in ("pooling", "centre", "norm") if key in settings},
            },
            device=selection.get("device", "cpu"),
            save_every=selection.get("save_every", 0),
            options=settings,
        )

    def predicted_cost(self, trial: Trial, scale: str) -> Cost:
        """Predicted cost of a trial."""
        return trial.predicted_cost()

    def memory(self, trials: tuple[Trial, ...]) -> float:
        """Bytes of the data set, of the library, and of what the largest trial holds."""
        entry = DATASETS[self.dataset]
        return 8.0 * entry.n_samples * entry.input_dim + max(map(_memory, trials)) + 6e8

    def check(self) -> None:
        """Check what the schema cannot.

        Raises
        ------
        UserError
            With the key at fault.
        """
        self.check_dataset()
        if "grid" not in self.settings:
            return
        path, study = self.source, self.settings["study"]
        self._check_keys("grid.", self.settings["grid"], tuple(self.study.axes))
        given = {key: self.settings[key] for key in OPTIONS if key in self.settings}
        self._check_keys("", given, self.study.keys)
        for axis, allowed in self.study.axes.items():
            for value in self.axes()[axis] if isinstance(allowed, tuple) else ():
                if value not in allowed:
                    raise UserError(f"{path}: grid.{axis}: is {value!r}; {' or '.join(allowed)}")
        if study == "robustness" and self.settings["attack"]["images"] > self.settings["test"]:
            raise UserError(f"{path}: attack.images: are more than the test points")
        entry, test = DATASETS[self.dataset], self.settings.get("test", 0)
        most = max(self.axes()["n_samples"])
        if most + test > entry.n_samples:
            raise UserError(
                f"{path}: grid.n_samples: {most} training and {test} test points are more than the "
                f"{entry.n_samples} of {self.dataset}"
            )
        if self.settings.get("pooling", 1) > 1 and len(entry.image_shape or ()) != 2:
            raise UserError(f"{path}: pooling: {self.dataset} holds no grey images")
        super().check()

    def _check_keys(self, prefix: str, given: dict[str, Any], needed: tuple[str, ...]) -> None:
        study = self.settings["study"]
        for key in needed:
            if key not in given:
                raise UserError(f"{self.source}: {prefix}{key}: is needed by the study {study}")
        for key in given:
            if key not in needed:
                raise UserError(f"{self.source}: {prefix}{key}: the study {study} has no such key")


def _memory(trial: Trial) -> float:
    sizes = dataclasses.asdict(trial)
    d, n = trial.points.input_dim, trial.points.n_samples
    features = 16.0 * max(sizes.get("n_features", (0,))) * (n + trial.points.n_test)
    units = 2.0 * sizes.get("largest", 0) * len(trial.seeds)
    units += sum(sizes.get("widths", ())) * len(sizes.get("label_noise", ()))
    return features + 16.0 * d * units + 24.0 * d * (n + trial.points.n_test)
