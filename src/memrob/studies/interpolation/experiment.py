"""Experiments of part one: a grid of networks on a data set, each trial with a seed of its own."""

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from memrob.data.catalogue import DATASETS
from memrob.errors import UserError
from memrob.numerics.cost import Cost
from memrob.studies.base import derived_seed
from memrob.studies.grid import axis_values
from memrob.studies.interpolation.cost import predicted_cost
from memrob.studies.interpolation.trial import FIRST_POINTS, Trial
from memrob.studies.of_dataset import DatasetExperiment


@dataclass(frozen=True)
class InterpolationExperiment(DatasetExperiment):
    """An experiment of part one; see `Experiment` for its attributes."""

    part: ClassVar[str] = "interpolation"
    trials_rule: ClassVar[str] = "interpolation_sweep"
    runs_kernels: ClassVar[bool] = True

    def shares_weights_at(self, scale: str) -> bool:
        """Whether all maximal biases of a restart share one seed, and with it their weights."""
        settings = self.settings["scales"][scale]
        return settings.get("share", self.settings.get("share")) == "max_bias"

    def axes(self) -> dict[str, list]:
        """Full grid: values of `n_samples`, `first_width`, `max_bias`, as Python numbers."""
        grid = {"n_samples": [DATASETS[self.dataset].n_samples], **self.settings["grid"]}
        axes = {axis: self._values(f"grid.{axis}", spec) for axis, spec in grid.items()}
        if max(axes["n_samples"]) > DATASETS[self.dataset].n_samples:
            raise UserError(
                f"{self.source}: grid.n_samples: {max(axes['n_samples'])} are more than the "
                f"{DATASETS[self.dataset].n_samples} points of {self.dataset}"
            )
        return axes

    def trials(self, scale: str) -> list[Trial]:
        """Trials at a scale, in the order of the published table.

        The published tables run over the sorted keys activation, dataset, max_bias, n_iter
        (the first width) and restart, the last fastest, and the seed of a trial is its row. The
        other orders have seeds derived from the cell and the restart instead, so that these trials
        are independent of the published ones.
        """
        axes = self.axes()
        chosen, restarts = self.selection(scale)
        shares = self.shares_weights_at(scale)
        order = self.order_at(scale)
        trials = []
        for i, j, k in itertools.product(
            *(chosen[a] for a in ("n_samples", "max_bias", "first_width"))
        ):
            row = (i * len(axes["max_bias"]) + j) * len(axes["first_width"]) + k
            cell = axes["n_samples"][i], axes["first_width"][k], axes["max_bias"][j]
            for restart in range(restarts):
                published_seed = row * int(self.settings["restarts"]) + restart
                trials.append(self._trial(*cell, restart, published_seed, order, shares))
        if shares:
            # The maximal biases of a restart stand together: they are run as one.
            trials.sort(key=lambda t: (t.n_samples, t.first_width, t.restart, t.max_bias))
        return trials

    def order_at(self, scale: str) -> str:
        """Order of candidates at a scale."""
        return self.settings["scales"][scale].get("order", self.settings["order"])

    def _trial(
        self, n_samples, first_width, max_bias, restart, published_seed, order, shares
    ) -> Trial:
        activation = self.settings.get("activation", "threshold")
        seed, subset_seed = published_seed, FIRST_POINTS
        if order != "reference":
            cell = "shared" if shares else f"{max_bias:.9g}"
            seed = derived_seed(
                f"{self.name}/{n_samples}/{first_width}/{cell}/{activation}/{restart}"
            )
        if self.settings.get("subsets") == "resampled":
            subset_seed = derived_seed(f"{self.name}/subset/{restart}")
        return Trial(
            self.dataset,
            n_samples,
            first_width,
            max_bias,
            activation,
            order,
            restart,
            seed,
            subset_seed,
        )

    def shared_by(self, scale: str) -> int:
        """Number of trials at a scale that share one matrix product."""
        return len(self.selection(scale)[0]["max_bias"]) if self.shares_weights_at(scale) else 1

    def selection(self, scale: str) -> tuple[dict[str, list[int]], int]:
        """What a scale takes: indices into each axis, and restarts.

        Raises
        ------
        UserError
            If it selects what the grid does not have.
        """
        return self.chosen(scale), self.restarts_at(scale)

    def predicted_cost(self, trial: Trial, scale: str) -> Cost:
        """Predicted cost of a trial."""
        return predicted_cost(trial, self.shared_by(scale))

    def memory(self, trials: tuple[Trial, ...]) -> float:
        """Bytes of the points, once more while they are read, and of the packed features.

        Features are held once for each of the trials that share their weights, and those of one
        trial a second time, sliced.
        """
        entry = DATASETS[self.dataset]
        width = max(trial.first_width for trial in trials)
        held = 1 + max(Counter((t.seed, t.first_width, t.n_samples) for t in trials).values())
        return entry.n_samples * (8 * entry.input_dim + held * width / 8) + 8 * width * 1024

    def seed_texts(self, scale: str) -> str:
        """Where the seeds of its trials at a scale come from, for the record of a run."""
        if self.order_at(scale) == "reference":
            return "row of the published table"
        return super().seed_texts(scale)

    def check(self) -> None:
        """Check what the schema cannot.

        Raises
        ------
        UserError
            With the key at fault.
        """
        settings, path = self.settings, self.source
        self.check_dataset()
        for scale in settings.get("scales", {}):
            self.selection(scale)
            replays = self.order_at(scale) == "reference"
            if self.shares_weights_at(scale) and (replays or settings.get("activation") == "relu"):
                key = f"scales.{scale}.share" if "share" in settings["scales"][scale] else "share"
                raise UserError(
                    f"{path}: {key}: goes with activation threshold and any order but reference"
                )
        orders = {settings.get("order"), *map(self.order_at, settings.get("scales", {}))}
        others = sorted(orders - {None, "permutation"})
        if others and settings.get("activation") == "relu":
            raise UserError(f"{path}: order: {others[0]} is for threshold networks only, not relu")
        for name, figure in settings.get("figures", {}).items():
            self._check_figure(f"{path}: figures.{name}", figure)

    def _check_figure(self, place: str, figure: dict) -> None:
        n_points = DATASETS[self.dataset].n_samples
        for key in ("n_samples", "sizes"):
            largest = np.max(figure.get(key, 0))
            if largest > n_points:
                raise UserError(
                    f"{place}.{key}: {largest} are more than the {n_points} points of "
                    f"{self.dataset}"
                )
        axis = self.axes().get(figure.get("by"), [])
        for value in figure.get("at", []) if axis else []:
            if not np.isclose(axis, value, rtol=0, atol=1e-6).any():
                raise UserError(f"{place}.at: {value} is not a value of grid.{figure['by']}")

    def _values(self, key: str, spec: list | dict) -> list:
        return axis_values(self.source, key, spec, float if key.endswith("max_bias") else int)
