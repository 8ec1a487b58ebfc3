"""Attacks and certificates of networks before and after training."""

from dataclasses import dataclass
from typing import ClassVar

from memrob.numerics.cost import Cost
from memrob.studies.training.cost import training_cost
from memrob.studies.training.plan import Plan
from memrob.studies.training.trial import Trial
from memrob.training.attacks import Effort
from memrob.training.settings import Settings

# One core of a server of 2025, in products of images with the weights of a network.
FLOPS = 2.5e10

CERTIFICATE_SECONDS = 2.5e-7
"""Of a certified radius about an image, for each weight of the first layer."""


@dataclass(frozen=True)
class Robustness(Trial):
    """One network before and after training, and what it takes to change the class of images.

    Attributes
    ----------
    width : int
        Hidden units.
    settings : Settings
        Of the training.
    ps : tuple of float
        Exponents.
    images : int
        How many of the test points are attacked.
    effort : Effort
        Of PGD.
    """

    width: int
    settings: Settings
    ps: tuple[float, ...]
    images: int
    effort: Effort

    axes: ClassVar[dict] = {"n_samples": int, "width": int, "p": float}
    keys: ClassVar[tuple[str, ...]] = ("training", "attack")

    @classmethod
    def of_plan(cls, plan: Plan) -> list["Robustness"]:
        """Trials of an experiment, the restart fastest."""
        attack = dict(plan.options["attack"])
        images = attack.pop("images")
        return [
            cls(
                **plan.common(n, [restart]),
                width=width,
                settings=plan.training,
                ps=tuple(plan.axes["p"]),
                images=images,
                effort=Effort(**attack),
            )
            for n in plan.axes["n_samples"]
            for width in plan.axes["width"]
            for restart in range(plan.restarts)
        ]

    def predicted_cost(self) -> Cost:
        """Cost."""
        ends = self.points.input_dim, 10
        training = training_cost([self.width], 1, self.points.n_samples, ends, self.settings)
        steps = self.effort.rounds * self.effort.starts * self.effort.steps
        attacks = 8.0 * steps * self.images * self.width * sum(ends) * len(self.ps) / FLOPS
        # Before and after training.
        pairs = 2 * self.images * len(self.ps)
        certificates = CERTIFICATE_SECONDS * pairs * self.width * ends[0]
        return training + Cost(float_products=2 * attacks, other=certificates)

    def rows(self, samples, folder) -> list[dict]:
        """Rows of the table, see `Trial.rows`."""
        # Imported when a trial runs: a configuration is read without torch.
        from memrob.training.robustness import robustness
        from memrob.training.snapshots import snapshots

        before, after = snapshots(
            samples,
            self.width,
            self.seeds[0],
            self.settings,
            (0, self.settings.epochs),
            device=self.device,
            folder=folder,
            save_every=self.save_every,
        ).values()
        images, labels = samples.original_test[: self.images], samples.y_test[: self.images]
        found = robustness(
            {"before": before, "after": after},
            images,
            labels,
            self.ps,
            seed=self.seeds[0],
            effort=self.effort,
            reference="prediction",
        )
        own = {"n_samples": samples.n_samples, "width": self.width}
        return [
            {**own, "restart": 0, "seed": self.seeds[0], **row} for row in found.to_dict("records")
        ]
