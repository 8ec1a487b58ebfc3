"""Predicted time of training and of attacks, which sizes the chunks of trials that a job takes."""

from collections.abc import Sequence

from memrob.training.settings import Settings

# One core of a server of 2025: thin matrix products in single precision, what a step of a stack
# takes beside them, and what each width of it takes.
FLOPS = 6e10
STEP_SECONDS, GROUP_SECONDS = 1.5e-4, 5e-5


def training_seconds(
    widths: Sequence[int], models: int, n_samples: int, ends: tuple[int, int], settings: Settings
) -> float:
    """Time of a training of `models` networks of each width, from d to K: `ends` = (d, K)."""
    products = 6.0 * n_samples * models * sum(widths) * (sum(ends) + 1) / FLOPS
    steps = -(-n_samples // settings.batch_size)
    overhead = steps * (STEP_SECONDS + GROUP_SECONDS * len(widths))
    return settings.epochs * (products + overhead)
