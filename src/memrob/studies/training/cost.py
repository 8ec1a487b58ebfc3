"""Predicted time of training and of attacks, which sizes the chunks of trials that a job takes."""

from collections.abc import Sequence

from memrob.numerics.cost import Cost
from memrob.training.settings import Settings

# Thin matrix products in single precision, which wider units hasten little, what a step of a stack
# takes beside them, and what each width of it takes.
FLOPS = 6e10
STEP_SECONDS, GROUP_SECONDS = 1.5e-4, 5e-5


def training_cost(
    widths: Sequence[int], models: int, n_samples: int, ends: tuple[int, int], settings: Settings
) -> Cost:
    """Cost of a training of `models` networks of each width, from d to K: `ends` = (d, K)."""
    products = 6.0 * n_samples * models * sum(widths) * (sum(ends) + 1) / FLOPS
    steps = -(-n_samples // settings.batch_size)
    overhead = steps * (STEP_SECONDS + GROUP_SECONDS * len(widths))
    return settings.epochs * Cost(other=products + overhead)
