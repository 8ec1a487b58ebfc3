"""Signs of pre-activations: how many each product leaves open or has wrong, against float64.

``python -m benchmarks.signs``: 10^8 pre-activations each of MNIST and CIFAR-10, a minute or two.
"""

import argparse
import sys
import time

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.points import MissingPointsError, points
from memrob.interpolation.exact_signs import DOUBLE_ROUNDING, ExactSigns
from memrob.interpolation.first_layer import POINTS_A_BLOCK, sample_first_layer
from memrob.interpolation.products import ShortParts, SinglePrecision
from memrob.numerics.compiled import compile_kernels

MAX_BIAS = 0.5
WIDTH = 2_000


class _Signs(ExactSigns):
    def __init__(self, weights, product) -> None:
        super().__init__(weights, weights[:0])
        self._product = product


def main(arguments: list[str] | None = None) -> None:
    """Count signs and print them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.signs", description=__doc__)
    parser.add_argument("--count", type=float, default=1e8, help="pre-activations of a data set")
    options = parser.parse_args(arguments)
    compile_kernels()
    with threadpool_limits(1):
        for dataset in ("mnist", "cifar10"):
            try:
                X = points(dataset, 50_000)[0][: int(options.count) // WIDTH]
            except MissingPointsError as error:
                print(f"{dataset}: {error}", file=sys.stderr)
                continue
            count_signs(dataset, X)


def count_signs(dataset: str, X: np.ndarray) -> None:
    """Print what each product does to the signs of all points by `WIDTH` hyperplanes."""
    layer = sample_first_layer(np.random.default_rng(0), WIDTH, X.shape[1], MAX_BIAS)
    centred = (X - X.mean(axis=0)).astype(np.float32)
    for name, product, used in (
        ("float32", SinglePrecision(layer.weights), X),
        ("bfloat16, pixels", ShortParts(layer.weights, X), X),
        ("bfloat16, any points", ShortParts(layer.weights, centred), centred),
    ):
        _count(f"{dataset}, {name}", _Signs(layer.weights, product), layer, used)


def _count(name: str, signs: _Signs, layer, X: np.ndarray) -> None:
    wrong = settled = unclear = after = 0
    seconds = {"product": 0.0, "settling": 0.0}
    for begin in range(0, len(X), POINTS_A_BLOCK):
        block = X[begin : begin + POINTS_A_BLOCK]
        products = np.empty((layer.width, len(block)), np.float32)
        start = time.thread_time()
        signs.multiply(block, products)
        seconds["product"] += time.thread_time() - start
        before = products.copy()
        start = time.thread_time()
        signs.settle(products, block, layer.biases)
        seconds["settling"] += time.thread_time() - start
        doubles = layer.weights.astype(np.float64) @ block.T.astype(np.float64)
        margins = doubles + layer.biases.astype(np.float64)[:, None]
        # Where the sum in float64 itself is not sure, it is no judge.
        error = 2 * (X.shape[1] + 2) * DOUBLE_ROUNDING
        sure = np.abs(margins) > error * np.outer(
            np.linalg.norm(layer.weights, axis=1), 1 + np.linalg.norm(block, axis=1)
        )
        floors = -layer.biases[:, None]
        wrong += int(((before > floors) != (margins > 0))[sure].sum())
        after += int(((products > floors) != (margins > 0))[sure].sum())
        settled += int((products != before).sum())
        unclear += int((~sure).sum())
    share = seconds["settling"] / seconds["product"]
    print(
        f"{name}: {len(X) * layer.width:.3g} pre-activations, {wrong} signs wrong before"
        f" and {after} after settling, which changed {settled} products in {share:.1%} of the"
        f" time of the product ({seconds['product']:.1f} s); {unclear} left open by float64"
    )


if __name__ == "__main__":
    main()
