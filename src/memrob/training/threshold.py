"""Smallest width at which training reaches 100 % training accuracy, by search over the width."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from memrob.errors import UserError
from memrob.training.labels import LABELS, random_labels
from memrob.training.samples import Samples
from memrob.training.settings import Settings, n_parameters
from memrob.training.stack import initial_stack
from memrob.training.streams import stream
from memrob.training.trainer import Trained, train


@dataclass
class Search:
    """What is known of one threshold.

    Attributes
    ----------
    failed : int
        Largest width tried below every success; it did not fit within the cap. 0 if there is none.
    fitted : int or None
        Least width that did.
    steps : int
        Minibatches that the training of `fitted` took; those of the cap for None.
    seconds : float
        Time of the rounds, shared out by the number of networks.
    tried : dict of int to bool
        All widths, and whether each fitted.
    """

    failed: int = 0
    fitted: int | None = None
    steps: int = 0
    seconds: float = 0.0
    tried: dict[int, bool] = field(default_factory=dict)

    def record(self, width: int, fitted: bool, steps: int) -> None:
        """Note one trained width; what a narrower success has made irrelevant is passed over."""
        self.tried[width] = fitted
        if fitted and (self.fitted is None or width < self.fitted):
            self.fitted, self.steps = width, steps
        elif self.fitted is None:
            self.steps = max(self.steps, steps)
        below = [w for w, done in self.tried.items() if not done and w < (self.fitted or np.inf)]
        self.failed = max(below, default=0)

    def next_widths(self, count: int, resolution: float) -> list[int]:
        """Widths for a further round, none once the threshold is known to the resolution."""
        if self.fitted is None or self.fitted - self.failed <= max(1, resolution * self.fitted):
            return []
        inner = np.linspace(self.failed, self.fitted, count + 2)[1:-1]
        return sorted({int(w) for w in np.rint(inner)} - {self.failed, self.fitted})


def search_thresholds(
    X: np.ndarray,
    labels: np.ndarray,
    n_classes: int,
    seeds: Sequence[int],
    settings: Settings,
    *,
    largest: int,
    arity: int = 4,
    resolution: float = 0.0,
    device: str = "cpu",
    folder: str | os.PathLike | None = None,
) -> list[Search]:
    """Search the thresholds of several seeds together.

    Parameters
    ----------
    X : (N, d) float32
        Training points.
    labels : (S, N) int64
        Classes of the points for each seed.
    n_classes : int
        Number K of outputs.
    seeds : sequence of int, S of them
        Seeds of the initial weights; the order of the points is that of the first for all.
    settings : Settings
        `epochs` is the cap; networks always stop when they are fitted.
    largest : int
        Largest width that is tried.
    arity : int
        Widths that are tried between the two ends of each bracket in a round.
    resolution : float
        A bracket is narrow enough when its ends differ by 1 or by this share of the upper one.
    device, folder
        As for `train`.

    Returns
    -------
    list of Search, one a seed

    Notes
    -----
    The first round trains 1, 2, 4, ..., `largest`; each further one trains `arity` widths evenly
    between the least that fitted and the largest below it that failed. All seeds and widths of a
    round are one stack, which a network leaves when it is fitted or when a narrower one of its seed
    is. The threshold is the smallest width found such that it fits and the next smaller one tried
    does not. Whether a width fits need not be monotone in the width: a narrower one, not tried,
    might fit by luck, so the value bounds the smallest width that fits from above.

    Raises
    ------
    UserError
        For a largest width, or an arity, below 1.
    """
    for name, value in (("largest", largest), ("arity", arity)):
        if value < 1:
            raise UserError(f"{name}: is {value}; it must be at least 1")
    settings = replace(settings, stop_when_fitted=True)
    searches = [Search() for _ in seeds]
    doubling = [2**k for k in range(int(np.log2(largest)) + 1)]
    widths = [sorted({*doubling, largest})] * len(searches)
    while any(widths):
        # Widest last and equal widths side by side: they are one batched product.
        tasks = sorted((width, s) for s, chosen in enumerate(widths) for width in chosen)
        stack = initial_stack(
            [width for width, _ in tasks], [seeds[s] for _, s in tasks], X.shape[1], n_classes
        )
        trained = train(
            stack,
            X,
            labels[[s for _, s in tasks]],
            settings,
            seed=seeds[0],
            device=device,
            folder=folder,
            retire=_Retire(tasks),
        )
        _record(searches, tasks, trained)
        widths = [search.next_widths(arity, resolution) for search in searches]
    return searches


def chosen_labels(samples: Samples, labels: str, seeds: Sequence[int]) -> np.ndarray:
    """Labels (S, N) int64 for each seed: the points' own, or random ones of the seed.

    Raises
    ------
    UserError
        For labels that are neither "true" nor "random".
    """
    if labels not in LABELS:
        raise UserError(f"labels: is {labels!r}; it must be one of {', '.join(LABELS)}")
    if labels == "true":
        return np.tile(samples.y, (len(seeds), 1))
    n, k = samples.n_samples, samples.n_classes
    return np.stack([random_labels(n, k, stream(seed, "labels")) for seed in seeds])


class _Retire:
    """Networks that are wider than a fitted one of their seed."""

    def __init__(self, tasks: list[tuple[int, int]]):
        self.tasks = tasks

    def __call__(self, fitted: np.ndarray) -> list[int]:
        least: dict[int, int] = {}
        for number in fitted:
            width, s = self.tasks[number]
            least[s] = min(width, least.get(s, width))
        return [i for i, (width, s) in enumerate(self.tasks) if width > least.get(s, np.inf)]


def _record(searches: list[Search], tasks: list[tuple[int, int]], trained: Trained) -> None:
    for (width, s), fitted, steps in zip(tasks, trained.fitted, trained.steps, strict=True):
        searches[s].seconds += trained.seconds / len(tasks)
        narrower = [w for w, done in searches[s].tried.items() if done and w < width]
        if fitted or not narrower:
            searches[s].record(width, bool(fitted), int(steps))


def threshold_rows(
    samples: Samples,
    labels: str,
    seeds: Sequence[int],
    settings: Settings,
    *,
    largest: int,
    arity: int = 4,
    resolution: float = 0.0,
    device: str = "cpu",
    folder: str | Path | None = None,
) -> list[dict]:
    """Thresholds of one set of points as rows of a table.

    Parameters
    ----------
    samples : Samples
        Training points; test points have no part.
    labels : {"true", "random"}
        The points' own labels, or for each seed independent uniform ones.
    seeds : sequence of int
        One a row.
    settings, largest, arity, resolution, device, folder
        As for `search_thresholds`.

    Returns
    -------
    list of dict
        Keys `labels`, `n_samples`, `restart`, `seed`, `threshold_width` (NaN where not even the
        largest fits), `failed_width`, `n_parameters` (of the threshold, NaN likewise), `steps` and
        `seconds`.

    Raises
    ------
    UserError
        For labels that are neither.
    """
    n, k = samples.n_samples, samples.n_classes
    searches = search_thresholds(
        samples.X,
        chosen_labels(samples, labels, seeds),
        k,
        seeds,
        settings,
        largest=largest,
        arity=arity,
        resolution=resolution,
        device=device,
        folder=folder,
    )
    return [
        {
            "labels": labels,
            "n_samples": n,
            "restart": restart,
            "seed": seed,
            "threshold_width": np.nan if found.fitted is None else found.fitted,
            "failed_width": found.failed,
            "n_parameters": np.nan
            if found.fitted is None
            else n_parameters(found.fitted, samples.input_dim, k),
            "steps": found.steps,
            "seconds": round(found.seconds, 6),
        }
        for restart, (seed, found) in enumerate(zip(seeds, searches, strict=True))
    ]
