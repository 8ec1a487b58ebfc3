"""Gradients a second of a ReLU network, against the peak and automatic differentiation."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from benchmarks.table import Line
from memrob.lipschitz.batch import put_like, stack
from memrob.lipschitz.gradients import gradients
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.random_networks import random_network

INPUT_DIM, WIDTH, DEPTH = 784, 4096, 3
POINTS, LOOPED_POINTS = 1024, 16
PEAK_SIZE = 4096
GIGA = 1e9
SHARE = 0.6
"""Target, a share of the float32 matrix-product peak."""


@dataclass(frozen=True)
class Throughput:
    """Gradients a second, and what the library's matrix product reaches in the same run.

    Attributes
    ----------
    method : str
        How the gradients are computed.
    rate : float
        Gradients a second.
    peak : float
        GFLOP/s of a large float32 matrix product of the same library.
    """

    method: str
    rate: float
    peak: float

    @property
    def share(self) -> float:
        """Share of the peak, counting the 4 floating-point operations a weight that are needed."""
        weights = INPUT_DIM * WIDTH + (DEPTH - 1) * WIDTH**2
        return self.rate * 4 * weights / GIGA / self.peak


def measure_gradients() -> list[Throughput]:
    """Measure the package on NumPy and, where torch is installed, on torch beside its own ways."""
    network = random_network(INPUT_DIM, WIDTH, DEPTH, "gaussian", seed=0)
    points = np.random.default_rng(0).standard_normal((POINTS, INPUT_DIM)).astype(np.float32)
    square = np.random.default_rng(1).random((PEAK_SIZE, PEAK_SIZE), dtype=np.float32)
    peak = 2 * PEAK_SIZE**3 / _best(lambda: square @ square) / GIGA
    found = [Throughput("memrob, NumPy", _package_rate(network, points, "cpu"), peak)]
    try:
        import torch
    except ImportError:
        return found
    torch.set_num_threads(1)
    tensor = torch.as_tensor(square)
    peak = 2 * PEAK_SIZE**3 / _best(lambda: tensor @ tensor) / GIGA
    found.append(Throughput("memrob, torch", _package_rate(network, points, "torch-cpu"), peak))
    for method, rate in _autograd_rates(network, points):
        found.append(Throughput(method, rate, peak))
    return found


def gradient_lines(found: list[Throughput]) -> list[Line]:
    """Lines of the table."""
    case = f"gradients, d = {INPUT_DIM}, N = {WIDTH:,}, L = {DEPTH}"
    lines = []
    for one in found:
        own = one.method.startswith("memrob")
        ratios = [
            f"{one.rate / other.rate:.1f} x {other.method}"
            for other in found
            if own and not other.method.startswith("memrob")
        ]
        lines.append(
            Line(
                case,
                one.method,
                f"{one.rate:.0f} gradients/s, {one.share:.0%} of the matrix product",
                f">= {SHARE:.0%}" if own else "",
                ("yes" if one.share >= SHARE else "**no**") if own else "",
                ", ".join(ratios) or f"matrix product {one.peak:.0f} GFLOP/s",
            )
        )
    return lines


def as_row(found: Throughput) -> dict:
    """Row of the table of measurements."""
    return {"series": "gradients", **asdict(found), "share": found.share}


def _package_rate(network: ReluNetwork, points: np.ndarray, device: str) -> float:
    batch = stack([network], device)
    placed = put_like(points[None], batch)
    return POINTS / _best(lambda: gradients(batch, placed))


def _autograd_rates(network: ReluNetwork, points: np.ndarray) -> list[tuple[str, float]]:
    import torch

    weights = [torch.as_tensor(weight, dtype=torch.float32) for weight in network.weights]
    biases = [torch.as_tensor(bias, dtype=torch.float32) for bias in network.biases]

    def output(x):
        for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
            x = torch.relu(x @ weight.T + bias)
        return (x @ weights[-1].T + biases[-1])[..., 0]

    placed = torch.as_tensor(points)
    vectorised = torch.func.vmap(torch.func.grad(output))

    def looped():
        for point in placed[:LOOPED_POINTS]:
            point = point.clone().requires_grad_()
            torch.autograd.grad(output(point), point)

    return [
        ("torch.func.vmap(grad)", POINTS / _best(lambda: vectorised(placed))),
        ("loop of torch.autograd.grad", LOOPED_POINTS / _best(looped)),
    ]


def _best(function: Callable, runs: int = 3) -> float:
    function()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return min(seconds)
