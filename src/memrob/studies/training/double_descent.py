"""Trained networks of growing width, through as many parameters as labels to fit."""

from dataclasses import dataclass
from typing import ClassVar

from memrob.numerics.cost import Cost
from memrob.studies.training.cost import training_cost
from memrob.studies.training.plan import Plan
from memrob.studies.training.trial import Trial
from memrob.training.settings import Settings, n_parameters


@dataclass(frozen=True)
class DoubleDescent(Trial):
    """Networks of all widths and label noises of one seed, with and without reused weights.

    Attributes
    ----------
    widths : tuple of int
        Numbers of hidden units.
    label_noise : tuple of float
        Shares of training labels that are replaced.
    reuse : tuple of int
        Whether weights of the next smaller network are reused: 0, 1 or both.
    settings : Settings
        Of the training.
    """

    widths: tuple[int, ...]
    label_noise: tuple[float, ...]
    reuse: tuple[int, ...]
    settings: Settings

    axes: ClassVar[dict] = {"n_samples": int, "label_noise": float, "reuse": int, "width": int}
    keys: ClassVar[tuple[str, ...]] = ("training",)

    @classmethod
    def of_plan(cls, plan: Plan) -> list["DoubleDescent"]:
        """Trials of an experiment, the restart fastest."""
        return [
            cls(
                **plan.common(n, [restart]),
                widths=tuple(plan.axes["width"]),
                label_noise=tuple(plan.axes["label_noise"]),
                reuse=tuple(plan.axes["reuse"]),
                settings=plan.training,
            )
            for n in plan.axes["n_samples"]
            for restart in range(plan.restarts)
        ]

    def predicted_cost(self) -> Cost:
        """Cost; the widest networks are those of both ways of training."""
        d, classes = self.points.input_dim, 10
        n, models = self.points.n_samples, len(self.label_noise)
        found = training_cost(self.widths, models, n, (d, classes), self.settings)
        if len(self.reuse) > 1:
            again = [
                width for width in self.widths if n_parameters(width, d, classes) < n * classes
            ]
            found += training_cost(again, models, n, (d, classes), self.settings)
        return found

    def rows(self, samples, folder) -> list[dict]:
        """Rows of the table, see `Trial.rows`."""
        # Imported when a trial runs: a configuration is read without torch.
        from memrob.training.double_descent import network_rows

        rows = []
        for reuse in self.reuse:
            rows += network_rows(
                samples,
                self.widths,
                self.label_noise,
                self.seeds,
                self.settings,
                reuse=bool(reuse),
                device=self.device,
                folder=folder,
                save_every=self.save_every,
            )
        return rows
