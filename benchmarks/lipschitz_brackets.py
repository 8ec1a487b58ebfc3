"""Brackets of Lipschitz constants, their ratios and times, for networks made at random.

    python -m benchmarks.lipschitz_brackets [--seed 0] [--only TEXT] [FILE ...]

One line for each shape (d, N, L) with zero biases, p = 2: the least certified upper bound over the
largest gradient found, and the time of either. Then one line each for exact values, constants
about a point, whole maps and deep narrow networks. Files of networks are bracketed besides.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from memrob.errors import UserError
from memrob.lipschitz.bracket import bracket
from memrob.lipschitz.known import Bracket
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.random_networks import random_network
from memrob.lipschitz.targets import lipschitz_bracket

SHAPES = (
    (784, 1000, 1),
    (784, 4096, 1),
    (10, 10_000, 1),
    (100, 1000, 3),
    (10, 1000, 3),
    (100, 512, 6),
    (10, 100, 10),
    (10, 1000, 10),
)
"""Input dimension, width and number of hidden layers."""

HEADER = ("case", "at least", "exactly", "at most", "ratio", "seconds")


def main(arguments: list[str] | None = None) -> None:
    """Print the table, line by line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="text that the name of a case contains")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args(arguments)
    print("| " + " | ".join(HEADER) + " |\n|" + " --- |" * len(HEADER))
    with threadpool_limits(1):
        for name, bounds in (*cases(options.seed), *map(of_file, options.files)):
            if options.only in name:
                print(line(name, bounds), flush=True)


def cases(seed: int) -> Iterator[tuple[str, Callable[[], Bracket]]]:
    """Names of the cases and what brackets them."""
    for shape in SHAPES:
        yield str(shape), lambda shape=shape: both(random_network(*shape, "zero", seed))
    deep = random_network(5, 50, 6, "gaussian", seed)
    small = dense([9, 12, 12, 1], seed)
    yield "9-12-12-1, exact", lambda: bracket(small, [2.0], method="exact")[2.0]
    for radius in (0.01, 0.05):
        yield (
            f"5-50x6-1, p = inf, box of radius {radius} about 0",
            lambda radius=radius: bracket(deep, [np.inf], at=np.zeros(5), radius=radius)[np.inf],
        )
    wide = dense([784, 50, 10], seed)
    yield "784-50-10, all outputs", lambda: lipschitz_bracket(wide, 2, output="all")
    narrow = dense([4, *[80] * 20, 1], seed)
    yield "4-80x20-1", lambda: both(narrow)


def dense(sizes: list[int], seed: int) -> ReluNetwork:
    """Uniform weights and biases of the sizes that torch begins with."""
    rng = np.random.default_rng([seed, len(sizes)])
    bounds = [size**-0.5 for size in sizes]
    shapes = list(zip(sizes[1:], sizes, bounds, strict=False))
    weights = tuple(rng.uniform(-b, b, (rows, columns)) for rows, columns, b in shapes)
    return ReluNetwork(weights, tuple(rng.uniform(-b, b, rows) for rows, _, b in shapes))


def both(network: ReluNetwork) -> Bracket:
    """Bounds from below and above, without a search for the exact value."""
    lower = bracket(network, [2.0], method="lower")[2.0]
    return Bracket(2.0, 2.0, lower.lower, bracket(network, [2.0], method="upper")[2.0].upper)


def of_file(path: Path) -> tuple[str, Callable[[], Bracket]]:
    """The first output of a network in a file."""
    return path.name, lambda: lipschitz_bracket(path, 2, output=0)


def line(name: str, bounds: Callable[[], Bracket]) -> str:
    """A line of the table, or the one that says why there is none."""
    start = time.perf_counter()
    try:
        found = bounds()
    except UserError as error:
        return f"| {name} | {error} |"
    seconds = time.perf_counter() - start
    values = [found.lower, found.exact, found.upper]
    texts = ["" if value is None else f"{value:.4g}" for value in values]
    ratio = f"{found.upper / found.lower:.4g}" if found.lower else ""
    return "| " + " | ".join([name, *texts, ratio, f"{seconds:.1f}"]) + " |"


if __name__ == "__main__":
    main()
