"""A finished run beside its prediction, and how long it would take on other numbers of cores.

``python -m benchmarks.schedule --scale default``, in a folder where that run was made. The times
of the jobs of trials are those that Snakemake kept in results/benchmarks: wall times of one thread,
so let nothing else run (its CPU times are samples, up to half a minute old). The other jobs take
the times of `memrob.workflow.prediction`. Jobs start in a random order, as soon as a core is free
and what they need is there; times on more cores hold if jobs do not disturb each other.
"""

import argparse
import heapq
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np
import pandas as pd
import yaml

from memrob.numerics.cost import Slowness, slowness
from memrob.studies.base import SCALES, Experiment
from memrob.studies.registry import load_experiments
from memrob.workflow.prediction import CHUNK_START_SECONDS, JOB_SECONDS, duration

CONFIGURATION = Path("config/config.yaml")

CORES = 1, 2, 8, 64

ORDERS = 20
"""Random orders of the jobs."""

LONG_SECONDS = 120.0


@dataclass(frozen=True)
class Finished:
    """Jobs of an experiment's trials that were run.

    Attributes
    ----------
    experiment : Experiment
        Of which they are.
    seconds : list of float
        Of each.
    predicted : float
        CPU seconds of all of them on this machine.
    """

    experiment: Experiment
    seconds: list[float]
    predicted: float

    @property
    def text(self) -> str:
        """A line with the ratio of measured to predicted."""
        total = sum(self.seconds)
        return (
            f"{self.experiment.name:28}{len(self.seconds):6}{self.predicted:11.1f}{total:10.1f}"
            f"{total / self.predicted:8.2f}{max(self.seconds):9.1f}"
        )


def finished(
    experiment: Experiment, scale: str, chunk_seconds: float, here: Slowness
) -> Finished | None:
    """Read the times of an experiment's jobs; None if not all of them were run."""
    folder = Path("results/benchmarks") / experiment.part / experiment.name
    chunks = experiment.chunks(scale, chunk_seconds).values()
    paths = [folder / f"{chunk.name}.tsv" for chunk in chunks]
    if not all(path.exists() for path in paths):
        return None
    seconds = [float(pd.read_csv(path, sep="\t")["s"].iloc[-1]) for path in paths]
    predicted = sum(CHUNK_START_SECONDS + here.seconds(chunk.cost) for chunk in chunks)
    return Finished(experiment, seconds, predicted)


def wall_seconds(experiments: list[Finished], cores: int, rng: np.random.Generator) -> float:
    """Time until all jobs are done: trials, a table after all its trials, figures after that."""
    jobs = [(i, s) for i, found in enumerate(experiments) for s in found.seconds]
    ready = [jobs[k] for k in rng.permutation(len(jobs))][::-1]
    left = [len(found.seconds) for found in experiments]
    stages = [
        [[JOB_SECONDS["table"]], [JOB_SECONDS["figure"]] * len(found.experiment.figures)]
        for found in experiments
    ]
    at_work: list[tuple[float, int]] = []
    now = 0.0
    while ready or at_work:
        while ready and len(at_work) < cores:
            i, seconds = ready.pop()
            heapq.heappush(at_work, (now + seconds, i))
        now, i = heapq.heappop(at_work)
        left[i] -= 1
        if not left[i] and stages[i]:
            following = stages[i].pop(0)
            left[i] = len(following)
            ready = [(i, seconds) for seconds in following] + ready
    return now


def report(experiments: list[Finished]) -> None:
    """Print predicted and measured times by experiment and together, and simulated schedules."""
    names = ("jobs", 6), ("predicted", 11), ("measured", 10), ("ratio", 8), ("longest", 9)
    print(f"{'experiment':28}" + "".join(f"{name:>{width}}" for name, width in names))
    for found in experiments:
        print(found.text)
    measured = sum(sum(found.seconds) for found in experiments)
    predicted = sum(found.predicted for found in experiments)
    every = [seconds for found in experiments for seconds in found.seconds]
    print(
        f"together: {len(every)} jobs of trials, predicted {duration(predicted)}, measured"
        f" {duration(measured)}, ratio {measured / predicted:.2f}; longest job"
        f" {max(every):.0f} s, {sum(s > LONG_SECONDS for s in every)} above {LONG_SECONDS:.0f} s"
    )
    rng = np.random.default_rng(0)
    alone = wall_seconds(experiments, 1, rng)
    for cores in CORES:
        wall = mean(wall_seconds(experiments, cores, rng) for _ in range(ORDERS))
        busy = alone / wall / cores
        print(f"{cores:3} cores: {duration(wall):>9}, busy for {100 * busy:.0f} % of the time")


def main(arguments: list[str] | None = None) -> None:
    """Report on the run in this folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.schedule", description=__doc__)
    parser.add_argument("--scale", default="default", choices=SCALES)
    options = parser.parse_args(arguments)
    if not CONFIGURATION.is_file():
        parser.error(f"{CONFIGURATION}: there is none; run it where Snakefile lies")
    chunk_seconds = yaml.safe_load(CONFIGURATION.read_text())["chunk_seconds"]
    here, experiments = slowness(), []
    for experiment in load_experiments(Path("config/experiments"), "all").values():
        if not experiment.has_trials(options.scale):
            continue
        found = finished(experiment, options.scale, chunk_seconds, here)
        if found is None:
            print(f"{experiment.name:28}: not all of its trials were run")
        else:
            experiments.append(found)
    if experiments:
        report(experiments)


if __name__ == "__main__":
    main()
