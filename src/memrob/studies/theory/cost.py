"""Predicted time and memory of a trial, which size the jobs."""

from memrob.data.catalogue import DATASETS
from memrob.studies.interpolation.cost import MATRIX_FLOPS
from memrob.studies.theory.trial import Trial

PAIR_SECONDS = 4e-11
"""Of the distance of two points, for each coordinate."""

SECOND_LAYER_SECONDS = 1.5e-9
"""For each pair of points."""

POINT_SECONDS = 4e-7
"""Of omega, for each coordinate of a point."""

OVERHEAD_SECONDS = 5e-3


def predicted_seconds(trial: Trial) -> float:
    """Time of a trial in seconds on one core."""
    at = trial.at
    if trial.dataset is None:
        return OVERHEAD_SECONDS + POINT_SECONDS * at.get("n_samples", 0) * at["input_dim"]
    entry = DATASETS[trial.dataset]
    if trial.statement == "roles":
        points, classes = at["n_samples"], len(entry.class_names or (0, 1))
        networks = 2 if classes == 2 else classes + 1
        product = 2.0 * points * entry.input_dim * at["first_width"] / MATRIX_FLOPS
        coverings = PAIR_SECONDS * entry.input_dim * points**2 / 10
        second = SECOND_LAYER_SECONDS * points**2
        return OVERHEAD_SECONDS + networks * (product + second) + coverings
    if trial.statement == "angles" and entry.input_dim > 2:
        return PAIR_SECONDS * entry.input_dim * entry.n_samples**2 / 2
    return OVERHEAD_SECONDS + 1e-6 * at.get("first_width", 0)


def memory(trial: Trial) -> float:
    """Bytes that a trial needs: all points as read and once more, and blocks of distances."""
    numbers = 0
    if trial.dataset is not None:
        numbers = DATASETS[trial.dataset].n_samples * DATASETS[trial.dataset].input_dim
    elif "n_samples" in trial.at:
        numbers = trial.at["n_samples"] * trial.at["input_dim"]
    return 24.0 * numbers + 8e8
