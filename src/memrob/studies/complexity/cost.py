"""Predicted time of a trial, which sizes the chunks of trials that a job takes."""

from memrob.data.catalogue import DATASETS
from memrob.numerics.cost import Cost
from memrob.studies.complexity.trial import Trial

# In few dimensions trees of neighbours serve, in many products of all pairs of points, and with
# more than two classes each class against the rest.
LOW_DIM = 16
LOW_SECONDS = 1e-5
PRODUCT_SECONDS = 3e-11
PAIR_SECONDS = 5e-9
NUMBER_SECONDS = 8e-8
OVERHEAD_SECONDS = 5e-3


def predicted_cost(trial: Trial) -> Cost:
    """Cost of a trial."""
    entry, points = DATASETS[trial.dataset], trial.n_samples
    if entry.input_dim <= LOW_DIM:
        return Cost(other=LOW_SECONDS * points + OVERHEAD_SECONDS)
    pairs = points**2 / (2 if entry.class_names is None or len(entry.class_names) == 2 else 1)
    numbers = NUMBER_SECONDS * entry.n_samples * entry.input_dim
    return Cost(
        float_products=PRODUCT_SECONDS * entry.input_dim * pairs,
        other=PAIR_SECONDS * pairs + numbers + OVERHEAD_SECONDS,
    )


def memory(n_samples: int, all_samples: int, input_dim: int) -> float:
    """Bytes that a trial needs, about: all points in float64 as read, those taken, and blocks."""
    return 8.0 * input_dim * (all_samples + 2 * n_samples) + 400.0 * n_samples + 6e8
