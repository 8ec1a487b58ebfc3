"""The cases that the package has targets for."""

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.measure import (
    BaselineTime,
    Problem,
    Trial,
    time_baseline,
    time_trial,
    whole_baseline_seconds,
)
from benchmarks.memory import peak_memory
from benchmarks.points import MissingPointsError, points
from memrob.interpolation.first_layer import words_of

GIGA = 1e9
POPCOUNT_SHARE = 0.6
"""Target of the second layer, a share of the popcount peak."""

MEMORY_BESIDE_FEATURES = 1 * GIGA
"""Target of the peak memory in bytes, beside points and packed features."""


@dataclass(frozen=True)
class Case:
    """A trial with targets.

    Attributes
    ----------
    dataset : str
        Name of the points.
    n_samples, first_width : int
        N and n.
    largest_seconds, least_ratio : float
        Targets: seconds of a trial, and how many times faster than the baseline.
    quick : bool
        Whether a quick run includes it.
    """

    dataset: str
    n_samples: int
    first_width: int
    largest_seconds: float
    least_ratio: float
    quick: bool

    @property
    def name(self) -> str:
        """For instance ``mnist N = 70,000, n = 500``."""
        return f"{self.dataset}, N = {self.n_samples:,}, n = {self.first_width:,}"


MAX_BIAS = 1.0
CHECKED_POINTS = 10_000
CASES = [
    Case("mnist", 70_000, 500, 1.3, 250, quick=True),
    Case("mnist", 70_000, 5000, 9.0, 150, quick=False),
    Case("cifar10", 60_000, 1500, 9.0, 300, quick=False),
    Case("moons", 1_000_000, 1000, 0.15, 80, quick=True),
]


@dataclass(frozen=True)
class Result:
    """What was measured for a case.

    Attributes
    ----------
    case : Case
        The case.
    input_dim : int
        Dimension d of the points.
    pre_activations, operations : int
        Entries of W X, and what they take in multiplications and additions.
    trial : Trial
        By the package.
    baseline : BaselineTime
        By the baseline.
    memory, data, packed : int
        Bytes: peak of a process without the points, the points, the packed features.
    """

    case: Case
    input_dim: int
    pre_activations: int
    operations: int
    trial: Trial
    baseline: BaselineTime
    memory: int
    data: int
    packed: int

    @property
    def ratio(self) -> float:
        """How many times faster than the baseline."""
        return self.baseline.seconds / self.trial.seconds

    @property
    def word_rate(self) -> float:
        """G words a second of the second layer, as if none were passed over."""
        return self.trial.words / self.trial.second_layer / GIGA

    @property
    def flop_rate(self) -> float:
        """GFLOP/s of the first layer, drawing and packing included."""
        return self.operations / self.trial.first_layer / GIGA


def measure_case(case: Case, baseline_seconds: float) -> Result | str:
    """Measure a case; the reason in one line if its points are missing.

    Parameters
    ----------
    case : Case
        The case.
    baseline_seconds : float
        Time for the baseline's candidates.
    """
    try:
        X, y = points(case.dataset, case.n_samples)
    except MissingPointsError as reason:
        return str(reason)
    problem = Problem(X, y, case.first_width, MAX_BIAS)
    trial = time_trial(problem)
    with tempfile.TemporaryDirectory() as folder:
        memory = peak_memory(Path(folder), X, y, case.first_width, MAX_BIAS)
    return Result(
        case=case,
        input_dim=X.shape[1],
        pre_activations=problem.pre_activations,
        operations=problem.operations,
        trial=trial,
        baseline=time_baseline(problem, trial.candidates, baseline_seconds),
        memory=memory,
        data=X.nbytes + y.nbytes,
        packed=len(X) * words_of(case.first_width) * 8,
    )


@dataclass(frozen=True)
class Check:
    """The baseline's time as it is extrapolated, against the time it takes.

    Attributes
    ----------
    name : str
        The trial.
    extrapolated, measured : float
        Seconds.
    """

    name: str
    extrapolated: float
    measured: float


def check_extrapolation(seconds: float) -> Check:
    """Run one small trial whole by the baseline: a part of MNIST, else moons.

    Parameters
    ----------
    seconds : float
        Time for the candidates that the extrapolation starts from.
    """
    try:
        (X, y), name, n = points("mnist", 70_000), "mnist", 500
    except MissingPointsError:
        (X, y), name, n = points("moons", CHECKED_POINTS), "moons", 100
    problem = Problem(X[:CHECKED_POINTS], y[:CHECKED_POINTS], n, MAX_BIAS)
    n_candidates = time_trial(problem).candidates
    extrapolated = time_baseline(problem, n_candidates, seconds).seconds
    name = f"{name}, N = {CHECKED_POINTS:,}, n = {n}"
    return Check(name, extrapolated, whole_baseline_seconds(problem))


def as_row(result: Result) -> dict:
    """One line of the table of all measurements."""
    case, trial = result.case, result.trial
    return {
        "group": "case",
        "dataset": case.dataset,
        "n_samples": case.n_samples,
        "input_dim": result.input_dim,
        "first_width": case.first_width,
        "max_bias": MAX_BIAS,
        **asdict(trial),
        "popcount_gwords": result.word_rate,
        "first_layer_gflops": result.flop_rate,
        "baseline_seconds": result.baseline.seconds,
        "baseline_candidates_run": result.baseline.measured_candidates,
        "ratio": result.ratio,
        "memory_bytes": result.memory,
        "data_bytes": result.data,
        "packed_bytes": result.packed,
    }
