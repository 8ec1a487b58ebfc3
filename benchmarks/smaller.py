"""Second widths at random, greedily, of clusters and at least, upon the same hyperplanes.

    python benchmarks/smaller.py mnist 2500 0.5 [--seed 0] [--seconds 60] [--classes 3 1]

One line for each class and one for all of them: points, neurons at random, by greedy selection and
of clusters, smallest number of neurons of single points found and proved, processor time of each in
seconds; then the peak of the memory.
"""

import argparse
import time

import numpy as np
from threadpoolctl import threadpool_limits

from memrob.cli.own_points import peak_memory_bytes
from memrob.data import build
from memrob.interpolation.arguments import detected_classes
from memrob.interpolation.first_layer import (
    evenly_splitting_first,
    sample_first_layer,
    threshold_features,
)
from memrob.interpolation.greedy_order import coverage
from memrob.interpolation.second_layer import BlockEvaluator
from memrob.interpolation.selection import Selection, select
from memrob.numerics.cover import greedy_cover
from memrob.numerics.set_cover import cover_bounds

COLUMNS = (
    "class",
    "points",
    "random",
    "greedy",
    "cluster",
    "found",
    "lower",
    "random/s",
    "greedy/s",
    "cluster/s",
    "lower/s",
)


def main() -> None:
    """Measure one data set and one pair of sizes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("dataset")
    parser.add_argument("first_width", type=int)
    parser.add_argument("max_bias", type=float)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0, help="search for each class")
    parser.add_argument("--classes", type=int, nargs="+", help="their positions; all by default")
    options = parser.parse_args()
    with threadpool_limits(1):
        measure(options)


def measure(options: argparse.Namespace) -> None:
    """Print the table."""
    data = build(options.dataset)
    labels = np.unique(data.y)
    classes = [np.flatnonzero(data.y == label) for label in labels]
    rng = np.random.default_rng(options.seed)
    start = time.process_time()
    layer = sample_first_layer(rng, options.first_width, data.X.shape[1], options.max_bias)
    layer = evenly_splitting_first(layer, data.X)
    features = threshold_features(layer, data.X, classes)
    first = time.process_time() - start
    streams = rng.spawn(len(classes))
    print(*(f"{name:>9}" for name in COLUMNS))
    total = np.zeros(len(COLUMNS) - 1)
    for k in options.classes or detected_classes(len(classes)):
        row = measured(features, k, streams[k], options.seconds)
        total += row
        show(labels[k], row)
    show("all", total)
    memory = peak_memory_bytes() / 1e9
    shares = total[2] / total[1], total[3] / total[1]
    print(f"first layer {first:.1f} s; greedy / random {shares[0]:.3f}, cluster {shares[1]:.3f}")
    print(f"{memory:.2f} GB")


def measured(features, k: int, rng: np.random.Generator, seconds: float) -> np.ndarray:
    """Sizes and times of one class."""
    evaluate = BlockEvaluator(features, k)
    size = evaluate.n_candidates
    times = [time.process_time()]
    permutation = rng.permutation(size)
    random = select(evaluate, permutation)
    times.append(time.process_time())
    _, rows = coverage(evaluate)
    greedy = greedy_cover(rows)
    times.append(time.process_time())
    clusters = select(evaluate, permutation, Selection("cluster"))
    times.append(time.process_time())
    bounds = cover_bounds(rows, size, seconds)
    times.append(time.process_time())
    widths = [len(random.candidates), len(greedy), len(clusters.candidates)]
    widths += bounds.upper, bounds.lower
    return np.array([size, *widths, *np.diff(times)])


def show(label, row: np.ndarray) -> None:
    """Print one line."""
    sizes = (f"{int(value):9d}" for value in row[:6])
    print(f"{label!s:>9}", *sizes, *(f"{value:9.2f}" for value in row[6:]), flush=True)


if __name__ == "__main__":
    main()
