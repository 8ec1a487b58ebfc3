"""Times of a trial, of its layers and of the baseline."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks import baseline
from benchmarks.baseline import detected_classes
from memrob.interpolation import fit
from memrob.interpolation.first_layer import (
    evenly_splitting_first,
    sample_first_layer,
    threshold_features,
)
from memrob.interpolation.second_layer import BlockEvaluator
from memrob.interpolation.selection import select

SEED = 0
SECONDS_A_CASE = 6.0
LARGEST_RUNS = 5


@dataclass(frozen=True)
class Problem:
    """A trial of the algorithm.

    Attributes
    ----------
    X : (N, d) float32
        Points.
    y : (N,) int64
        Labels.
    first_width : int
        Number of hyperplanes n.
    max_bias : float
        Maximal bias lambda.
    """

    X: np.ndarray
    y: np.ndarray
    first_width: int
    max_bias: float

    @property
    def pre_activations(self) -> int:
        """Entries of W X."""
        return len(self.X) * self.first_width

    @property
    def operations(self) -> int:
        """Multiplications and additions of the matrix product W X."""
        return 2 * self.pre_activations * self.X.shape[1]


@dataclass(frozen=True)
class Trial:
    """What one trial took, each time the median of `runs`.

    Attributes
    ----------
    runs : int
        Number of times it was run.
    seconds : float
        All of `fit`.
    first_layer, second_layer : float
        Seconds of drawing, ordering, computing and packing; and of all classes' neurons.
    second_width : int
        Number of neurons.
    candidates : int
        Candidates that the algorithm cannot but evaluate: the neurons', and those with m = 0.
    words : int
        Words of 64 bits that they are compared with, were none passed over: candidates x points
        of X+ x n / 64, summed over the classes.
    """

    runs: int
    seconds: float
    first_layer: float
    second_layer: float
    second_width: int
    candidates: int
    words: int


def time_trial(problem: Problem) -> Trial:
    """Run a trial, first whole and then layer by layer, as often as a few seconds allow."""
    networks = []
    X, y, n = problem.X, problem.y, problem.first_width

    def whole() -> None:
        networks[:] = [fit(X, y, first_width=n, max_bias=problem.max_bias, seed=SEED)]

    seconds = _seconds_of_runs(whole)
    layers = [_layer_seconds(problem, networks[0].second_width) for _ in seconds]
    detectors = networks[0].detectors
    evaluated = [d.width + d.n_members - d.n_covered for d in detectors]
    n_plus = [len(X) - d.n_members for d in detectors]
    return Trial(
        runs=len(seconds),
        seconds=statistics.median(seconds),
        first_layer=statistics.median(first for first, _ in layers),
        second_layer=statistics.median(second for _, second in layers),
        second_width=networks[0].second_width,
        candidates=sum(evaluated),
        words=-(-n // 64) * int(np.dot(evaluated, n_plus)),
    )


def _layer_seconds(problem: Problem, second_width: int) -> tuple[float, float]:
    X, y = problem.X, problem.y
    classes = [np.flatnonzero(y == label) for label in np.unique(y)]
    rng = np.random.default_rng(SEED)
    start = time.perf_counter()
    layer = sample_first_layer(rng, problem.first_width, X.shape[1], problem.max_bias)
    layer = evenly_splitting_first(layer, X)
    features = threshold_features(layer, X, classes)
    between = time.perf_counter()
    streams = rng.spawn(len(classes))
    widths = [
        len(select(BlockEvaluator(features, k), streams[k].permutation(len(classes[k]))).candidates)
        for k in detected_classes(y)
    ]
    stop = time.perf_counter()
    if sum(widths) != second_width:
        raise AssertionError("the layers were not made as fit makes them")
    return between - start, stop - between


@dataclass(frozen=True)
class BaselineTime:
    """What the baseline takes for a trial.

    Attributes
    ----------
    seconds : float
        First layer, and a candidate's time by the number of candidates.
    first_layer : float
        Seconds of the first layer.
    candidate : float
        Seconds of a candidate: its m, and striking out.
    measured_candidates : int
        Candidates that were run, of the first detected class.
    """

    seconds: float
    first_layer: float
    candidate: float
    measured_candidates: int


def time_baseline(problem: Problem, n_candidates: int, seconds: float) -> BaselineTime:
    """Time the baseline's first layer and as many candidates as some seconds allow.

    Parameters
    ----------
    problem : Problem
        The trial.
    n_candidates : int
        Candidates that the whole trial evaluates.
    seconds : float
        Time for candidates; two are run at least.
    """
    X, y = problem.X, problem.y
    rng = np.random.default_rng(SEED)
    start = time.perf_counter()
    layer = sample_first_layer(rng, problem.first_width, X.shape[1], problem.max_bias)
    grouped = baseline.grouped_features(layer, X, y)
    first_layer = time.perf_counter() - start
    k = detected_classes(y)[0]
    plus, minus = grouped.split(k)
    order = np.random.default_rng(SEED).permutation(len(minus))
    limit, spent = 2, 0.0
    while True:
        start = time.perf_counter()
        found = baseline.second_layer(plus, minus, order, limit)
        spent = time.perf_counter() - start
        if found.n_evaluated < limit or 2 * spent > seconds:
            break
        limit = min(int(limit * 0.9 * seconds / spent) + 1, 64 * limit)
    candidate = spent / found.n_evaluated
    return BaselineTime(
        first_layer + candidate * n_candidates, first_layer, candidate, found.n_evaluated
    )


def whole_baseline_seconds(problem: Problem) -> float:
    """Seconds of a whole trial by the baseline."""
    start = time.perf_counter()
    arguments = {"first_width": problem.first_width, "max_bias": problem.max_bias, "seed": SEED}
    baseline.fit(problem.X, problem.y, **arguments)
    return time.perf_counter() - start


def _seconds_of_runs(function: Callable[[], None]) -> list[float]:
    seconds: list[float] = []
    while len(seconds) < LARGEST_RUNS and sum(seconds) < SECONDS_A_CASE:
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return seconds
