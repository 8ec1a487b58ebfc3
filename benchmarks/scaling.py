"""Time of a trial against the number of hyperplanes and of points, with what bounds it."""

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.cases import GIGA, MAX_BIAS
from benchmarks.measure import Problem, Trial, time_trial
from benchmarks.memory import peak_memory
from benchmarks.peaks import Peaks
from benchmarks.points import MissingPointsError, points

FIRST_WIDTH = 1000
"""Hyperplanes n while the number of points varies."""

LARGEST_MEMORY = 4 * GIGA
"""Target of the peak memory of the largest trial in bytes, beside the points."""


@dataclass(frozen=True)
class Step:
    """One measured trial of a series.

    Attributes
    ----------
    series : {"first_width", "n_samples"}
        What varies.
    dataset : str
        Name of the points.
    n_samples, input_dim, first_width : int
        N, d and n.
    trial : Trial
        Its times.
    operations : int
        Multiplications and additions of W X.
    """

    series: str
    dataset: str
    n_samples: int
    input_dim: int
    first_width: int
    trial: Trial
    operations: int

    def limits(self, peaks: Peaks) -> tuple[float, float]:
        """Seconds of W X, and of the masked popcounts with none passed over, at peak rates."""
        first = self.operations / GIGA / peaks.matrix_product
        return first, self.trial.words / GIGA / peaks.popcount


def against_first_width(widths: list[int]) -> list[Step]:
    """Time trials of MNIST, or of 100,000 points of moons if it is missing, for several n."""
    try:
        (X, y), dataset = points("mnist", 70_000), "mnist"
    except MissingPointsError:
        (X, y), dataset = points("moons", 100_000), "moons"
    return [_step("first_width", dataset, Problem(X, y, width, MAX_BIAS)) for width in widths]


def against_n_samples(sizes: list[int]) -> list[Step]:
    """Time trials of the first N points of moons for several N."""
    X, y = points("moons", max(sizes))
    return [
        _step("n_samples", "moons", Problem(X[:size], y[:size], FIRST_WIDTH, MAX_BIAS))
        for size in sizes
    ]


def memory_of_largest(n_samples: int) -> int:
    """Peak memory in bytes of a trial of moons, beside the points."""
    X, y = points("moons", n_samples)
    with tempfile.TemporaryDirectory() as folder:
        return peak_memory(Path(folder), X, y, FIRST_WIDTH, MAX_BIAS)


def _step(series: str, dataset: str, problem: Problem) -> Step:
    trial = time_trial(problem)
    return Step(
        series=series,
        dataset=dataset,
        n_samples=len(problem.X),
        input_dim=problem.X.shape[1],
        first_width=problem.first_width,
        trial=trial,
        operations=problem.operations,
    )


def as_row(step: Step) -> dict:
    """One line of the table of all measurements."""
    row = asdict(step)
    return {"group": row.pop("series"), "max_bias": MAX_BIAS, **row.pop("trial"), **row}
