"""Experiments on smaller networks: selections of neurons upon the same hyperplanes."""

import itertools
from dataclasses import dataclass
from typing import ClassVar

from memrob.data.catalogue import DATASETS
from memrob.errors import UserError
from memrob.numerics.cost import Cost
from memrob.studies.base import derived_seed
from memrob.studies.grid import axis_values
from memrob.studies.networks import FULLY_CONNECTED
from memrob.studies.of_dataset import DatasetExperiment
from memrob.studies.smaller.cost import predicted_cost
from memrob.studies.smaller.trial import RANDOM_FEATURES, REFERENCES, Trial

KINDS = {"n_samples": int, "max_bias": float, "noise": float, "first_width": int}


@dataclass(frozen=True)
class SmallerExperiment(DatasetExperiment):
    """An experiment of the part on smaller networks; see `Experiment` for its attributes."""

    part: ClassVar[str] = "smaller"
    trials_rule: ClassVar[str] = "network_reduction"
    runs_kernels: ClassVar[bool] = True

    def axes(self) -> dict[str, list]:
        """Full grid: values of `KINDS`, in that order."""
        all_points = [self.settings.get("test_from") or DATASETS[self.dataset].n_samples]
        grid = {"n_samples": all_points, "noise": [0.0], **self.settings["grid"]}
        return {a: axis_values(self.source, f"grid.{a}", grid[a], k) for a, k in KINDS.items()}

    def trials(self, scale: str) -> list[Trial]:
        """Trials at a scale, in the order of the axes, then of the selections and the restarts.

        Classifiers to compare with depend on the labels alone: they are fitted once for each number
        of points and share of noise.
        """
        trials = []
        axes = self.axes_at(scale)
        smallest = axes["max_bias"][0], axes["first_width"][0]
        for n_samples, max_bias, noise, first_width in itertools.product(*axes.values()):
            for restart in range(self.restarts_at(scale)):
                cell = f"{n_samples}/{first_width}/{max_bias:.9g}/{noise:.9g}/{restart}"
                seed = derived_seed(f"{self.name}/{cell}")
                trials += [
                    Trial(
                        self.dataset,
                        self.settings.get("network", FULLY_CONNECTED),
                        selection,
                        n_samples,
                        self.settings.get("test_from", 0),
                        first_width,
                        max_bias,
                        noise,
                        restart,
                        seed,
                    )
                    for selection in self.settings["selections"]
                    if selection not in REFERENCES or (max_bias, first_width) == smallest
                ]
        return trials

    def predicted_cost(self, trial: Trial, scale: str) -> Cost:
        """Predicted cost of a trial."""
        return predicted_cost(trial)

    def memory(self, trials: tuple[Trial, ...]) -> float:
        """Bytes of the points, once more while they are read, of features and of their classes."""
        entry = DATASETS[self.dataset]
        width = max(trial.first_width for trial in trials)
        points = max(trial.n_samples for trial in trials)
        shifts = 1 if self.settings.get("network", FULLY_CONNECTED) == FULLY_CONNECTED else 64
        return (
            8 * entry.n_samples * entry.input_dim
            + points * shifts * width / 8
            + points**2 / 8
            + self._bytes_of_random_features(points, width)
            + 8 * width * 1024
            + 3e8
        )

    def _bytes_of_random_features(self, points: int, width: int) -> float:
        # Single precision: all features, and a square matrix of the fewer of features and points.
        if RANDOM_FEATURES not in self.settings["selections"]:
            return 0.0
        features = width * (1 + points / DATASETS[self.dataset].input_dim)
        return 4 * (points * features + 2 * min(points, features) ** 2)

    def check(self) -> None:
        """Check what the schema cannot.

        Raises
        ------
        UserError
            With the key at fault.
        """
        self.check_dataset()
        settings, path, entry = self.settings, self.source, DATASETS[self.dataset]
        most = settings.get("test_from") or entry.n_samples
        largest = max(self.axes()["n_samples"])
        if settings.get("test_from", 0) >= entry.n_samples:
            raise UserError(
                f"{path}: test_from: is {settings['test_from']}; it must be less than the "
                f"{entry.n_samples} points of {self.dataset}"
            )
        if largest > most:
            raise UserError(
                f"{path}: grid.n_samples: {largest} are more than the {most} training points of "
                f"{self.dataset}"
            )
        if settings.get("network", FULLY_CONNECTED) != FULLY_CONNECTED and not entry.grid_shape:
            raise UserError(f"{path}: network: {self.dataset} has no grid for convolutions")
        super().check()
