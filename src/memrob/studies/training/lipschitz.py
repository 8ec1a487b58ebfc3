"""Lipschitz constants of networks while they are trained."""

from dataclasses import dataclass, replace
from typing import ClassVar

from memrob.numerics.cost import Cost
from memrob.studies.training.cost import training_cost
from memrob.studies.training.plan import Plan
from memrob.studies.training.trial import Trial
from memrob.training.settings import Settings

# Seconds an epoch, unit and dimension of the input, on one core of a server of 2025.
BOUND_SECONDS = 1e-5


@dataclass(frozen=True)
class LipschitzCourse(Trial):
    """One network, looked at in several epochs.

    Attributes
    ----------
    width : int
        Hidden units.
    settings : Settings
        Of the training; as many epochs as the last that is looked at.
    epochs : tuple of int
        Epochs that it is looked at in.
    ps : tuple of float
        Exponents.
    """

    width: int
    settings: Settings
    epochs: tuple[int, ...]
    ps: tuple[float, ...]

    axes: ClassVar[dict] = {"n_samples": int, "width": int, "epoch": int, "p": float}
    keys: ClassVar[tuple[str, ...]] = ("training",)

    @classmethod
    def of_plan(cls, plan: Plan) -> list["LipschitzCourse"]:
        """Trials of an experiment, the restart fastest."""
        epochs = tuple(sorted(plan.axes["epoch"]))
        return [
            cls(
                **plan.common(n, [restart]),
                width=width,
                settings=replace(plan.training, epochs=max(1, *epochs)),
                epochs=epochs,
                ps=tuple(plan.axes["p"]),
            )
            for n in plan.axes["n_samples"]
            for width in plan.axes["width"]
            for restart in range(plan.restarts)
        ]

    def predicted_cost(self) -> Cost:
        """Cost."""
        n, d = self.points.n_samples, self.points.input_dim
        training = training_cost([self.width], 1, n, (d, 10), self.settings)
        bounds = BOUND_SECONDS * len(self.epochs) * self.width * d
        return 2 * training + Cost(float_products=bounds)

    def rows(self, samples, folder) -> list[dict]:
        """Rows of the table, see `Trial.rows`."""
        # Imported when a trial runs: a configuration is read without torch.
        from memrob.training.lipschitz_course import lipschitz_course
        from memrob.training.snapshots import snapshots

        (seed,) = self.seeds
        stages = snapshots(
            samples,
            self.width,
            seed,
            self.settings,
            self.epochs,
            device=self.device,
            folder=folder,
            save_every=self.save_every,
        )
        found = lipschitz_course(stages, samples.original, samples.y, self.ps, seed=seed)
        own = {"n_samples": samples.n_samples, "width": self.width}
        return [{**own, "restart": 0, "seed": seed, **row} for row in found.to_dict("records")]
