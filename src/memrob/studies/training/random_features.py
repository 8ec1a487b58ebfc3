"""Random features with the readout of least norm, through as many features as points."""

from dataclasses import dataclass
from typing import ClassVar

from memrob.numerics.cost import Cost
from memrob.studies.training.plan import Plan
from memrob.studies.training.trial import Trial

CUBE_SECONDS, PAIR_SECONDS = 8e-11, 6e-11
"""Of a decomposition of the smaller Gram matrix, and of the product that it comes from."""


@dataclass(frozen=True)
class RandomFeatures(Trial):
    """One draw of features: all numbers of them, which are nested, and all label noises.

    Attributes
    ----------
    n_features : tuple of int
        Numbers of features.
    label_noise : tuple of float
        Shares of training labels that are replaced.
    """

    n_features: tuple[int, ...]
    label_noise: tuple[float, ...]

    axes: ClassVar[dict] = {"n_samples": int, "features_per_point": float, "label_noise": float}
    keys: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def of_plan(cls, plan: Plan) -> list["RandomFeatures"]:
        """Trials of an experiment, the restart fastest."""
        return [
            cls(
                **plan.common(n, [restart]),
                n_features=tuple(round(share * n) for share in plan.axes["features_per_point"]),
                label_noise=tuple(plan.axes["label_noise"]),
            )
            for n in plan.axes["n_samples"]
            for restart in range(plan.restarts)
        ]

    def predicted_cost(self) -> Cost:
        """Cost."""
        n = self.points.n_samples
        solved = sum(
            min(n, p) ** 2 * (CUBE_SECONDS * min(n, p) + PAIR_SECONDS * max(n, p))
            for p in self.n_features
        )
        return Cost(other=solved)

    def rows(self, samples, folder) -> list[dict]:
        """Rows of the table, see `Trial.rows`."""
        # Imported when a trial runs: a configuration is read without torch.
        from memrob.training.double_descent import random_feature_rows

        return list(random_feature_rows(samples, self.n_features, self.label_noise, self.seeds))
