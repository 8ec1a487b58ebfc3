"""Which candidates become neurons of a second layer, and how far a neuron may err on X+."""

from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

from memrob.errors import UserError
from memrob.interpolation.cluster_order import select_clusters
from memrob.interpolation.greedy_order import select_greedily
from memrob.interpolation.permutation_order import resolve_in_order
from memrob.interpolation.second_layer import Evaluator, SecondLayer

ORDERS = ("permutation", "greedy", "cluster", "reference")


@dataclass(frozen=True)
class Selection:
    """How the neurons of a second layer are selected among those of its candidates.

    Attributes
    ----------
    order : {"permutation", "greedy", "cluster", "reference"}
        "permutation": candidates in one uniformly random permutation, as [M], Algorithm 1, draws
        them. "greedy" (own): always the candidate whose neuron covers most of what is left, of
        several the first. "cluster" (own): candidates as in "permutation", each grown to a cluster
        of points that share a neuron. "reference": the draws of the published trials.
    slack : int or float
        How many points of X+ (int), or which share of them (float below 1), a neuron may fire at:
        m is the next smallest of the counts over X+ (own). 0, as in [M], is the minimum.
    min_cover : int
        Neurons that fire at fewer points of X- are dropped (own). 1, as in [M], drops none.

    Raises
    ------
    UserError
        For a value out of range.
    """

    order: str = "permutation"
    slack: int | float = 0
    min_cover: int = 1

    def __post_init__(self) -> None:
        if self.order not in ORDERS:
            raise UserError(f"order: is {self.order!r}; it must be one of {', '.join(ORDERS)}")
        if not isinstance(self.slack, Real) or not self.slack >= 0:
            raise UserError(f"slack: is {self.slack!r}; it must be a number >= 0")
        if not isinstance(self.slack, Integral) and self.slack >= 1:
            raise UserError(
                f"slack: is {self.slack!r}; it must be a whole number of points or a share below 1"
            )
        if not isinstance(self.min_cover, Integral) or self.min_cover < 1:
            raise UserError(f"min_cover: is {self.min_cover!r}; it must be a whole number >= 1")
        if self.order == "reference" and not self.as_published:
            raise UserError("order: reference replays published trials: slack 0 and min_cover 1")

    @property
    def as_published(self) -> bool:
        """Whether no neuron may fire on X+ and none is dropped, as in [M]."""
        return self.slack == 0 and self.min_cover == 1

    def tolerated(self, n_others: int) -> int:
        """How many of the points of X+ a neuron may fire at.

        Raises
        ------
        UserError
            If these are all of them.
        """
        share = not isinstance(self.slack, Integral)
        count = int(self.slack * n_others) if share else int(self.slack)
        if count >= n_others:
            raise UserError(
                f"slack: is {self.slack}; it must be below {n_others}, the number of points of the "
                "other classes"
            )
        return count


PUBLISHED = Selection()
"""The selection of [M], Algorithm 1."""


def select(
    evaluate: Evaluator, permutation: np.ndarray, selection: Selection = PUBLISHED
) -> SecondLayer:
    """Construct the second layer of a class.

    Parameters
    ----------
    evaluate : Evaluator
        Evaluates the candidates of the class; for order cluster a `GrowingEvaluator`.
    permutation : (class size,) int
        A random permutation of the class; greedy selection has no use for it.
    selection : Selection
        In any order but reference.
    """
    if selection.order == "cluster":
        return select_clusters(evaluate, permutation, selection.min_cover)
    if selection.order == "greedy":
        return select_greedily(evaluate, selection.min_cover)
    return resolve_in_order(permutation, evaluate, selection.min_cover)
