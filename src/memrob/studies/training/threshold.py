"""The smallest width with which a network fits all labels, trained or constructed."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from memrob.complexity.separation import point_separation
from memrob.numerics.cost import Cost
from memrob.studies.training.cost import training_cost
from memrob.studies.training.plan import Plan
from memrob.studies.training.trial import Trial
from memrob.training.labels import LABELS
from memrob.training.settings import Settings

NETWORKS = ("trained", "constructed")
# What a search of trained networks takes, about: a training to the end, of few widths.
WIDTHS = (8,) * 7
FIT_SECONDS = 2e-5


@dataclass(frozen=True)
class Threshold(Trial):
    """Searches of all seeds on the same points with one kind of labels, which share minibatches.

    Attributes
    ----------
    network : {"trained", "constructed"}
        How the networks come about.
    labels : {"true", "random"}
        The points' own labels, or random ones.
    settings : Settings
        Of the training.
    largest : int
        Largest width that is tried.
    resolution : float
        Relative width of the bracket in which a search ends.
    max_bias : float
        Maximal bias of constructed networks.
    """

    network: str
    labels: str
    settings: Settings
    largest: int
    resolution: float
    max_bias: float

    axes: ClassVar[dict] = {"n_samples": int, "network": NETWORKS, "labels": LABELS}
    keys: ClassVar[tuple[str, ...]] = ("training", "search")

    @classmethod
    def of_plan(cls, plan: Plan) -> list["Threshold"]:
        """Trials of an experiment, the number of points slowest."""
        search = plan.options["search"]
        return [
            cls(
                **plan.common(n, range(plan.restarts)),
                network=network,
                labels=labels,
                settings=_long_enough(plan.training, n, search.get("steps", 1)),
                largest=search["largest"],
                resolution=search.get("resolution", 0.0),
                max_bias=search["max_bias"],
            )
            for n in plan.axes["n_samples"]
            for network in plan.axes["network"]
            for labels in plan.axes["labels"]
        ]

    def predicted_cost(self) -> Cost:
        """Cost."""
        n, count = self.points.n_samples, len(self.seeds)
        if self.network == "constructed":
            return Cost(other=count * n * FIT_SECONDS + 0.05)
        ends = self.points.input_dim, 10
        return training_cost(WIDTHS, count, n, ends, self.settings)

    def rows(self, samples, folder) -> list[dict]:
        """Rows of the table, see `Trial.rows`.

        Beside the columns of `threshold_rows` there are `network`, and `separation`, the least
        distance of two training points, scaled so that they lie in the unit ball.
        """
        # Imported when a trial runs: a configuration is read without torch.
        from memrob.training.constructed import constructed_rows
        from memrob.training.threshold import threshold_rows

        if self.network == "constructed":
            found = constructed_rows(
                samples, self.labels, self.seeds, max_bias=self.max_bias, largest=self.largest
            )
        else:
            found = threshold_rows(
                samples,
                self.labels,
                self.seeds,
                self.settings,
                largest=self.largest,
                resolution=self.resolution,
                device=self.device,
                folder=folder,
            )
        sizes = np.linalg.norm(samples.X.astype(np.float64), axis=1)
        separation = point_separation(samples.X).distance / sizes.max()
        own = {"network": self.network, "separation": separation}
        return [{**own, **row} for row in found]


def _long_enough(settings: Settings, n_samples: int, steps: int) -> Settings:
    """Settings with that many minibatches at least, few of which make an epoch of few points."""
    batches = -(-n_samples // settings.batch_size)
    return replace(settings, epochs=max(settings.epochs, -(-steps // batches)))
