"""Measure both layers on a graphics card: ``python -m benchmarks.device --help``.

It prints the time of each step of a trial, the rates of both matrix products and, for cards whose
data sheet is known here, the share of the peak; with ``--compare`` also whether the processor
finds the same features and the same neurons.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import torch

from benchmarks.points import MissingPointsError, points
from memrob.errors import UserError
from memrob.interpolation import fit
from memrob.interpolation.device import choose_device
from memrob.interpolation.device_features import DeviceFeatures
from memrob.interpolation.device_first_layer import first_layer_on_device
from memrob.interpolation.device_second_layer import DeviceEvaluator, product_on
from memrob.interpolation.first_layer import (
    PackedFeatures,
    evenly_splitting_first,
    sample_first_layer,
    threshold_features,
)
from memrob.interpolation.selection import select
from memrob.numerics.device import TORCH_CPU

SEED = 0
SHAPES = {"mnist": (70_000, 784), "cifar10": (60_000, 3072)}
PEAKS = {
    "NVIDIA H200": (67, 1979),
    "NVIDIA H100 80GB HBM3": (67, 1979),
    "NVIDIA A100-SXM4-80GB": (19.5, 624),
    "NVIDIA A100-SXM4-40GB": (19.5, 624),
    "NVIDIA A100 80GB PCIe": (19.5, 624),
    "NVIDIA A100-PCIE-40GB": (19.5, 624),
    "NVIDIA L40S": (91.6, 733),
    "NVIDIA L4": (30.3, 242),
    "Tesla T4": (8.1, 130),
}
"""By data sheet: TFLOP/s of float32 and TOP/s of dense int8, an addition counted for itself."""


def main(arguments: list[str] | None = None) -> int:
    """Measure each data set and print what was found."""
    options = _options(arguments)
    try:
        place = "cpu" if choose_device(options.device) == TORCH_CPU else "cuda"
    except UserError as error:
        print(error)
        return 2
    name = "processor" if place == "cpu" else torch.cuda.get_device_name()
    print(f"{name}, torch {torch.__version__}")
    # Kernels are loaded, and the card is woken, before anything is timed.
    small = np.random.default_rng(0).random((100, 3), dtype=np.float32)
    fit(small, np.arange(100) % 3, first_width=300, max_bias=1.0, seed=0, device=options.device)
    for dataset in options.datasets:
        X, y, origin = _points(dataset, options.n_samples)
        print(f"\n{dataset} ({origin}): N = {len(X)}, d = {X.shape[1]}, n = {options.first_width}")
        _measure(X, y, place, PEAKS.get(name), options)
    return 0


def _options(arguments) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--datasets", nargs="+", choices=sorted(SHAPES), default=sorted(SHAPES))
    parser.add_argument("--first-width", type=int, default=10_000)
    parser.add_argument("--max-bias", type=float, default=1.0)
    parser.add_argument("--n-samples", type=int, help="so many points only")
    parser.add_argument("--compare", action="store_true", help="with the processor's kernels")
    parser.add_argument("--device", default="cuda", choices=["cuda", TORCH_CPU])
    return parser.parse_args(arguments)


def _points(dataset: str, n_samples: int | None) -> tuple[np.ndarray, np.ndarray, str]:
    N, d = SHAPES[dataset]
    try:
        X, y = points(dataset, N)
        origin = "the data"
    except MissingPointsError:
        X, y = _synthetic(N, d)
        origin = "synthetic, of its shape"
    return X[:n_samples], y[:n_samples], origin


def _synthetic(N: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(SEED)
    y = rng.integers(10, size=N)
    # Fifty prototypes a class, so that some neurons cover many points.
    prototypes = rng.random((10, 50, d), dtype=np.float32)
    X = prototypes[y, rng.integers(50, size=N)]
    X += rng.random((N, d), dtype=np.float32) - np.float32(0.5)
    X /= np.linalg.norm(X, axis=1).max()
    return X, y


def _measure(X, y, place: str, peaks, options) -> None:
    n = options.first_width
    classes = [np.flatnonzero(y == label) for label in np.unique(y)]
    rng = np.random.default_rng(SEED)
    layer = _timed(
        "draw hyperplanes (processor)",
        lambda: sample_first_layer(rng, n, X.shape[1], options.max_bias),
    )[0]
    layer = _timed("order hyperplanes (processor)", lambda: evenly_splitting_first(layer, X))[0]
    features, seconds = _timed(
        "first layer, points brought to the device included",
        lambda: _synchronised(place, first_layer_on_device(layer, X, classes, place)),
    )
    _rate("float32", 2 * X.size * n, seconds, peaks and peaks[0])
    _second_layers(features, rng, peaks)
    _product_alone(features, peaks)
    del features
    network, _ = _timed("all of a trial (fit)", lambda: _fit(X, y, options, options.device))
    print(f"  second width {network.second_width}, covered {network.covered:.6f}")
    if place == "cuda":
        print(f"  memory of the card at most {torch.cuda.max_memory_allocated() / 1e9:.2f} GB")
    if options.compare:
        _compare(X, y, layer, classes, network, place, options)


class Timed(DeviceEvaluator):
    """Evaluator that counts its candidates and seconds."""

    seconds = n_evaluated = 0

    def __call__(self, block):
        """See `memrob.interpolation.second_layer.Evaluator`."""
        begin = time.perf_counter()
        answer = super().__call__(block)
        self.seconds += time.perf_counter() - begin
        self.n_evaluated += len(block)
        return answer


def _second_layers(features: DeviceFeatures, rng, peaks) -> None:
    n_classes = len(features.class_sizes)
    streams = rng.spawn(n_classes)
    spent = evaluated = 0
    start = time.perf_counter()
    # For two classes the larger label has the only detector.
    for k in [1] if n_classes == 2 else range(n_classes):
        timed = Timed(features, k)
        select(timed, streams[k].permutation(features.class_sizes[k]))
        spent, evaluated = spent + timed.seconds, evaluated + timed.n_evaluated
    print(f"  {time.perf_counter() - start:8.3f} s  second layers of all classes")
    print(f"  {spent:8.3f} s    of which evaluating {evaluated} candidates")
    operations = 2 * evaluated * len(features.rows) * features.n_features
    _rate("int8, dense-equivalent", operations, spent, peaks and peaks[1])


def _product_alone(features: DeviceFeatures, peaks) -> None:
    tile = features.unpacked(slice(0, 1 << 15))
    masks = features.masks(0, np.arange(1024) % features.class_sizes[0])
    product = product_on(tile.device)
    _synchronised(tile.device.type, product(masks, tile))
    start = time.perf_counter()
    for _ in range(10):
        product(masks, tile)
    _synchronised(tile.device.type, None)
    seconds = (time.perf_counter() - start) / 10
    print(f"  {seconds:8.5f} s  one product, {len(masks)} masks by {len(tile)} points")
    _rate(product.__name__, 2 * len(masks) * tile.numel(), seconds, peaks and peaks[1])


def _fit(X, y, options, device: str):
    arguments = {"first_width": options.first_width, "max_bias": options.max_bias, "seed": SEED}
    return fit(X, y, **arguments, device=device)


def _compare(X, y, layer, classes, network, place: str, options) -> None:
    expected, _ = _timed("all of a trial on the processor", lambda: _fit(X, y, options, "cpu"))
    print(f"  second width {expected.second_width} there", end="; ")
    same = all(
        np.array_equal(ours.candidates, theirs.candidates)
        and np.array_equal(ours.mask_words, theirs.mask_words)
        for ours, theirs in zip(network.detectors, expected.detectors, strict=True)
    )
    print("the same neurons" if same else "not all neurons the same")
    ours = first_layer_on_device(layer, X, classes, place)
    different = _different_bits(ours, threshold_features(layer, X, classes))
    print(f"  {different} of {len(X) * layer.width} features differ")


def _different_bits(ours: DeviceFeatures, theirs: PackedFeatures) -> int:
    different = 0
    for k, size in enumerate(ours.class_sizes):
        for first in range(0, size, 4096):
            members = np.arange(first, min(first + 4096, size))
            words = ours.complement_masks(k, members) ^ theirs.complement_masks(k, members)
            different += int(np.bitwise_count(words).sum())
    return different


def _timed(what: str, function: Callable):
    start = time.perf_counter()
    result = function()
    seconds = time.perf_counter() - start
    print(f"  {seconds:8.3f} s  {what}")
    return result, seconds


def _synchronised(place: str, result):
    if place == "cuda":
        torch.cuda.synchronize()
    return result


def _rate(what: str, operations: float, seconds: float, peak: float | None) -> None:
    rate = operations / seconds / 1e12
    share = f", {rate / peak:.0%} of the peak by data sheet" if peak else ""
    print(f"  {rate:8.3f} T operations/s ({what}){share}")


if __name__ == "__main__":
    raise SystemExit(main())
