"""Training many small networks as one stack, against a loop of single models of torch."""

import time
from dataclasses import asdict, dataclass

import numpy as np
import torch

from benchmarks.table import Line
from memrob.training.settings import Settings
from memrob.training.stack import Stack, initial_stack
from memrob.training.streams import stream
from memrob.training.trainer import train

INPUT_DIM, N_CLASSES, N_SAMPLES = 784, 10, 1000
WIDTHS = [4, 6, 8, 10, 12, 14, 18, 26, 40, 52]
SEEDS = 5
EPOCHS, BATCH_SIZE = 4, 50
STEP_SIZE, MOMENTUM = 0.001, 0.95
TARGET = 3.0
RUNS = 3


@dataclass(frozen=True)
class StackTime:
    """Seconds of the same training in two ways, one thread, each the least of some runs.

    Attributes
    ----------
    models : int
        Number of networks.
    epochs : int
        Passes through the points.
    stack : float
        All networks as one stack.
    loop : float
        One ``nn.Sequential`` after the other, with automatic differentiation and
        ``torch.optim.SGD``.
    difference : float
        Largest difference of a trained weight between the two.
    """

    models: int
    epochs: int
    stack: float
    loop: float
    difference: float

    @property
    def ratio(self) -> float:
        """How many times as long the loop takes."""
        return self.loop / self.stack


def measure_training(
    widths: list[int] = WIDTHS, n_samples: int = N_SAMPLES, epochs: int = EPOCHS
) -> StackTime:
    """Measure SGD with momentum on the squared loss, for several widths and seeds each."""
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n_samples, INPUT_DIM), dtype=np.float32) / 3
    y = rng.integers(N_CLASSES, size=n_samples)
    settings = Settings(
        step_size=STEP_SIZE, momentum=MOMENTUM, epochs=epochs, batch_size=BATCH_SIZE
    )
    wide = [width for width in sorted(widths) for _ in range(SEEDS)]
    stack = initial_stack(wide, list(range(SEEDS)) * len(widths), INPUT_DIM, N_CLASSES)
    # All in one batch order: that of the trainer.
    batches = _batches(n_samples, epochs)
    stacked, looped = [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        trained = train(stack, X, y, settings, seed=0)
        stacked.append(time.perf_counter() - start)
        start = time.perf_counter()
        models = _train_one_by_one(stack, torch.as_tensor(X), torch.as_tensor(y), batches)
        looped.append(time.perf_counter() - start)
    difference = max(
        float(np.abs(mine - its.detach().numpy()).max())
        for m, model in enumerate(models)
        for mine, its in zip(trained.stack.arrays(m), model.parameters(), strict=True)
    )
    return StackTime(len(wide), epochs, min(stacked), min(looped), difference)


def training_lines(found: StackTime) -> list[Line]:
    """Lines of the table."""
    return [
        Line(
            f"training, d = {INPUT_DIM}, {found.models} networks",
            "loop of single models / stack",
            f"{found.ratio:.1f} x",
            f">= {TARGET:g} x",
            "yes" if found.ratio >= TARGET else "**no**",
            f"{1000 * found.stack / found.epochs:.0f} ms an epoch as one stack, "
            f"weights differ by {found.difference:.0e}",
        )
    ]


def as_row(found: StackTime) -> dict:
    """Row of the table of measurements."""
    return {"series": "training", **asdict(found), "ratio": found.ratio}


def _batches(n_samples: int, epochs: int) -> list[torch.Tensor]:
    orders = [stream(0, "order", epoch).permutation(n_samples) for epoch in range(epochs)]
    return [part for order in orders for part in torch.as_tensor(order).split(BATCH_SIZE)]


def _train_one_by_one(
    stack: Stack, X: torch.Tensor, y: torch.Tensor, batches: list[torch.Tensor]
) -> list[torch.nn.Sequential]:
    targets = torch.nn.functional.one_hot(y, N_CLASSES).float()
    models = []
    for m, width in enumerate(stack.widths):
        model = torch.nn.Sequential(
            torch.nn.Linear(INPUT_DIM, width), torch.nn.ReLU(), torch.nn.Linear(width, N_CLASSES)
        )
        with torch.no_grad():
            for parameter, values in zip(model.parameters(), stack.arrays(m), strict=True):
                parameter.copy_(torch.as_tensor(values))
        optimiser = torch.optim.SGD(model.parameters(), lr=STEP_SIZE, momentum=MOMENTUM)
        for batch in batches:
            optimiser.zero_grad()
            (model(X[batch]) - targets[batch]).square().sum(1).mean().backward()
            optimiser.step()
        models.append(model)
    return models
