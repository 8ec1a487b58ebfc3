"""Experiments with invariant networks: sizes, shifts and filters on a data set of signals."""

import itertools
from dataclasses import dataclass
from typing import ClassVar

from memrob.convolution.group import ShiftGroup
from memrob.data.catalogue import DATASETS
from memrob.errors import UserError
from memrob.numerics.cost import Cost
from memrob.studies.base import derived_seed
from memrob.studies.convolution import cost
from memrob.studies.convolution.trial import CONVOLUTIONAL, NETWORKS, Trial
from memrob.studies.grid import axis_values
from memrob.studies.of_dataset import DatasetExperiment

KINDS = {
    "n_samples": int,
    "n_shifts": int,
    "network": str,
    "filter_size": int,
    "max_bias": float,
    "first_width": int,
}


@dataclass(frozen=True)
class ConvolutionExperiment(DatasetExperiment):
    """An experiment of the part on invariant networks; see `Experiment` for its attributes."""

    part: ClassVar[str] = "convolution"
    trials_rule: ClassVar[str] = "convolution_sweep"
    runs_kernels: ClassVar[bool] = True

    @property
    def rank(self) -> tuple:
        """Sorts experiments by their place on the page."""
        return self.settings["place"], self.name

    def axes(self) -> dict[str, list]:
        """Full grid: values of `KINDS`, in that order."""
        grid = {"network": list(NETWORKS), "filter_size": [0], **self.settings["grid"]}
        return {a: axis_values(self.source, f"grid.{a}", grid[a], k) for a, k in KINDS.items()}

    def trials(self, scale: str) -> list[Trial]:
        """Trials at a scale, in the order of the axes and the restart fastest.

        Networks that differ in the group of shifts alone have the same seed.
        """
        settings, selection = self.settings, self.settings["scales"][scale]
        axes = self.axes_at(scale)
        trials = []
        for values in itertools.product(*axes.values()):
            cell = dict(zip(KINDS, values, strict=True))
            text = "/".join(f"{v:.9g}" for k, v in cell.items() if k not in ("network", "n_shifts"))
            for restart in range(self.restarts_at(scale)):
                trials.append(
                    Trial(
                        dataset=self.dataset,
                        restart=restart,
                        seed=derived_seed(f"{self.name}/{cell['network']}/{text}/{restart}"),
                        n_test=settings.get("test", 0),
                        constant=settings.get("covering"),
                        **cell,
                    )
                )
        most = selection.get("augmented_shifts", max(axes["n_shifts"]))
        return [trial for trial in trials if self._is_made(trial, most)]

    def _is_made(self, trial: Trial, augmented_shifts: int) -> bool:
        # Hyperplanes have no support: one row stands for all sizes of filters.
        one_size = trial.filter_size == self.axes()["filter_size"][0]
        return trial.network == CONVOLUTIONAL or (one_size and trial.n_shifts <= augmented_shifts)

    def predicted_cost(self, trial: Trial, scale: str) -> Cost:
        """Predicted cost of a trial, with its share of the covering."""
        return cost.predicted_cost(trial) + cost.covering_cost(trial) * (1 / self.shared_by(scale))

    def shared_by(self, scale: str) -> int:
        """Number of neighbouring trials that share a covering."""
        if "covering" not in self.settings:
            return 1
        selection = self.settings["scales"][scale]
        widths = len(selection.get("first_width", self.axes()["first_width"]))
        return self.restarts_at(scale) * widths

    def memory(self, trials: tuple[Trial, ...]) -> float:
        """Bytes of the data set, and of the largest trial."""
        entry = DATASETS[self.dataset]
        return 8.0 * entry.n_samples * entry.input_dim + max(map(cost.memory, trials))

    def check(self) -> None:
        """Check what the schema cannot.

        Raises
        ------
        UserError
            With the key at fault.
        """
        self.check_dataset()
        entry, path = DATASETS[self.dataset], self.source
        if entry.grid_shape is None:
            raise UserError(f"{path}: dataset: {self.dataset} holds no signals on a cyclic grid")
        super().check()
        if "grid" not in self.settings:
            return
        axes, test = self.axes(), self.settings.get("test", 0)
        if max(axes["n_samples"]) + test > entry.n_samples:
            raise UserError(
                f"{path}: grid.n_samples: {max(axes['n_samples'])} training and {test} test "
                f"signals are more than the {entry.n_samples} of {self.dataset}"
            )
        for network in axes["network"]:
            if network not in NETWORKS:
                raise UserError(f"{path}: grid.network: is {network!r}; {' or '.join(NETWORKS)}")
        for n_shifts in axes["n_shifts"]:
            try:
                ShiftGroup.of_order(entry.grid_shape, n_shifts)
            except UserError as error:
                raise UserError(f"{path}: grid.{error}") from None
        if max(axes["filter_size"]) > min(entry.grid_shape):
            raise UserError(
                f"{path}: grid.filter_size: {max(axes['filter_size'])} is more than an axis of "
                f"the grid {entry.grid_shape}"
            )
