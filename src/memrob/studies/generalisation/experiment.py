"""Experiments on test accuracy: a grid of networks, and classifiers to compare them with."""

import itertools
from dataclasses import dataclass
from typing import ClassVar

from memrob.data.catalogue import DATASETS
from memrob.errors import UserError
from memrob.numerics.cost import Cost
from memrob.studies.base import derived_seed
from memrob.studies.generalisation.cost import predicted_cost
from memrob.studies.generalisation.trial import NETWORK, Trial
from memrob.studies.grid import axis_values
from memrob.studies.of_dataset import DatasetExperiment

KINDS = {"max_bias": float, "first_width": int}


@dataclass(frozen=True)
class GeneralisationExperiment(DatasetExperiment):
    """An experiment of the part on test accuracy; see `Experiment` for its attributes."""

    part: ClassVar[str] = "generalisation"
    trials_rule: ClassVar[str] = "generalisation_test"
    runs_kernels: ClassVar[bool] = True

    def axes(self) -> dict[str, list]:
        """Full grid: values of `max_bias` and `first_width`."""
        grid = self.settings["grid"]
        return {a: axis_values(self.source, f"grid.{a}", grid[a], k) for a, k in KINDS.items()}

    def trials(self, scale: str) -> list[Trial]:
        """Trials at a scale: first the references, then networks, restart fastest."""
        settings = self.settings
        of_all = {"dataset": self.dataset, "n_train": settings["train"]}
        trials = [Trial(classifier=name, **of_all) for name in settings.get("references", ())]
        for max_bias, first_width in itertools.product(*self.axes_at(scale).values()):
            for restart in range(self.restarts_at(scale)):
                seed = derived_seed(f"{self.name}/{first_width}/{max_bias:.9g}/{restart}")
                trials.append(
                    Trial(
                        classifier=NETWORK,
                        first_width=first_width,
                        max_bias=max_bias,
                        restart=restart,
                        seed=seed,
                        **of_all,
                    )
                )
        return trials

    def predicted_cost(self, trial: Trial, scale: str) -> Cost:
        """Predicted cost of a trial."""
        return predicted_cost(trial)

    def memory(self, trials: tuple[Trial, ...]) -> float:
        """Bytes of the points, once more while they are read or fitted, and of the features."""
        entry = DATASETS[self.dataset]
        width = max(trial.first_width for trial in trials)
        return entry.n_samples * (8 * entry.input_dim + width / 8) + 8 * width * 1024 + 3e8

    def check(self) -> None:
        """Check what the schema cannot.

        Raises
        ------
        UserError
            With the key at fault.
        """
        settings, path = self.settings, self.source
        self.check_dataset()
        n_samples = DATASETS[settings["dataset"]].n_samples
        if settings["train"] >= n_samples:
            raise UserError(
                f"{path}: train: is {settings['train']}; it must be less than the {n_samples} "
                f"points of {settings['dataset']}, as the others are test points"
            )
        super().check()
