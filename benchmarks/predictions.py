"""Predicted against measured CPU time of trials, experiment by experiment, at one scale.

``python -m benchmarks.predictions``, in a folder whose data sets are prepared. Evenly spaced trials
of each experiment are run on one thread; the constants in the studies' `cost.py` are right if their
measured time is about the predicted one.
"""

import argparse
import contextlib
import io
import time
from dataclasses import dataclass
from pathlib import Path

from threadpoolctl import threadpool_limits

from memrob.data.npz import load_prepared
from memrob.numerics.compiled import compile_kernels
from memrob.numerics.cost import slowness
from memrob.numerics.speed import keep_speed, measure_speed
from memrob.studies.base import Experiment
from memrob.studies.registry import load_experiments

SAMPLE_SECONDS = 5.0
"""Predicted time of the trials that are run of an experiment, about."""

FEWEST, MOST = 4, 400
"""Places in an experiment's list of trials from which trials are taken."""


@dataclass(frozen=True)
class Prediction:
    """Trials of an experiment that were run.

    Attributes
    ----------
    experiment : str
        Its name.
    trials : int
        How many were run.
    predicted, measured : float
        CPU seconds of these on this machine.
    whole : float
        Predicted CPU seconds of all trials of the experiment at this scale.
    """

    experiment: str
    trials: int
    predicted: float
    measured: float
    whole: float

    @property
    def text(self) -> str:
        """A line with the ratio of measured to predicted."""
        return (
            f"{self.experiment:28}{self.trials:6}{self.predicted:10.1f}{self.measured:10.1f}"
            f"{self.measured / self.predicted:8.2f}{self.whole / 60:10.1f}"
        )


def measured(experiment: Experiment, scale: str, prepared: Path) -> Prediction | None:
    """Run some trials of an experiment; None if its data set is not prepared."""
    data = ()
    if getattr(experiment, "dataset", None):
        path = prepared / f"{experiment.dataset}.npz"
        if not path.exists():
            return None
        data = (load_prepared(path),)
    trials = experiment.trials(scale)
    together = experiment.shared_by(scale)
    groups = [trials[i : i + together] for i in range(0, len(trials), together)]
    here = slowness()
    whole = sum(here.seconds(experiment.predicted_cost(trial, scale)) for trial in trials)
    n_groups = min(max(FEWEST, round(len(groups) * SAMPLE_SECONDS / whole)), MOST)
    step = -(-len(groups) // n_groups)
    chosen = [trial for group in groups[step // 2 :: step] for trial in group]
    start = time.process_time()
    with contextlib.redirect_stderr(io.StringIO()):
        experiment.runner()(iter(chosen), *data, threads=1)
    seconds = time.process_time() - start
    predicted = sum(here.seconds(experiment.predicted_cost(trial, scale)) for trial in chosen)
    return Prediction(experiment.name, len(chosen), predicted, seconds, whole)


def main(arguments: list[str] | None = None) -> None:
    """Print a line for each experiment, and the CPU time of all trials if the ratios hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.predictions", description=__doc__)
    parser.add_argument("experiments", nargs="*", help="their names; all of them if left out")
    parser.add_argument("--scale", default="default", help="smoke, default or paper")
    parser.add_argument("--prepared", type=Path, default=Path("data/prepared"), help="a folder")
    options = parser.parse_args(arguments)
    compile_kernels()
    keep_speed(measure_speed())
    columns = ("trials", 6), ("predicted", 10), ("measured", 10), ("ratio", 8), ("all, min", 10)
    print(f"{'experiment':28}" + "".join(f"{name:>{width}}" for name, width in columns))
    total = 0.0
    loaded = load_experiments(Path("config/experiments"), options.experiments or "all")
    for experiment in loaded.values():
        if not experiment.has_trials(options.scale):
            continue
        with threadpool_limits(1):
            found = measured(experiment, options.scale, options.prepared)
        if found is None:
            print(f"{experiment.name:28}: {experiment.dataset} is not prepared")
            continue
        print(found.text, flush=True)
        total += found.whole * found.measured / found.predicted
    print(f"all trials, by these ratios: {total / 60:.0f} CPU-minutes")


if __name__ == "__main__":
    main()
