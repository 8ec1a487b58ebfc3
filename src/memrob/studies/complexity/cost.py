"""Predicted time of a trial, which sizes the chunks of trials that a job takes."""

from memrob.studies.complexity.trial import Trial

# One core of a server of 2025. In few dimensions trees of neighbours serve, in many products of
# all pairs of points, and with more than two classes each class against the rest.
LOW_DIM = 16
LOW_SECONDS = 1.7e-5
PAIR_SECONDS = 3.6e-11


def predicted_seconds(trial: Trial, input_dim: int) -> float:
    """Time of a trial in seconds on one core."""
    if input_dim <= LOW_DIM:
        return 0.1 + LOW_SECONDS * trial.n_samples
    return 0.1 + PAIR_SECONDS * input_dim * trial.n_samples**2


def memory(n_samples: int, all_samples: int, input_dim: int) -> float:
    """Bytes that a trial needs, about: all points in float64 as read, those taken, and blocks."""
    return 8.0 * input_dim * (all_samples + 2 * n_samples) + 400.0 * n_samples + 6e8
