"""Predicted time and memory of a trial, which size the jobs."""

from memrob.data.catalogue import DATASETS
from memrob.numerics.cost import Cost
from memrob.studies.interpolation.cost import first_layer_cost, second_layer_cost
from memrob.studies.theory.trial import Trial

PAIR_SECONDS = 3e-11
"""Of the distance of two points, for each coordinate."""

CANDIDATE_SHARE = 0.3
"""Candidates whose minimum is computed, as a share of all points."""

DECOMPOSITION_SECONDS = 2.4e-10
"""Of the eigenvalues for both coverings, for each product of three sides of their matrix."""

COVERING_PAIRS = 0.7
"""Times that the distance of a pair of points is taken for the coverings of a class."""

POINT_SECONDS = 4e-7
"""Of omega, for each coordinate of a point."""

OVERHEAD_SECONDS = 1e-3


def predicted_cost(trial: Trial) -> Cost:
    """Cost of a trial, its coverings left out."""
    at = trial.at
    if trial.dataset is None:
        points = POINT_SECONDS * at.get("n_samples", 0) * at["input_dim"]
        return Cost(other=OVERHEAD_SECONDS + points)
    entry = DATASETS[trial.dataset]
    if trial.statement == "roles":
        points, classes = at["n_samples"], len(entry.class_names or (0, 1))
        networks = 2 if classes == 2 else classes + 1
        network = first_layer_cost(trial.dataset, points, at["first_width"])
        network += second_layer_cost(points, at["first_width"], CANDIDATE_SHARE * points)
        return networks * network + Cost(other=OVERHEAD_SECONDS)
    if trial.statement == "angles" and entry.input_dim > 2:
        return Cost(float_products=PAIR_SECONDS * entry.input_dim * entry.n_samples**2 / 2)
    return Cost(other=OVERHEAD_SECONDS + 1e-6 * at.get("first_width", 0))


def covering_cost(trial: Trial) -> Cost:
    """Cost of the coverings of a trial of roles, which trials on the same points share."""
    entry, points = DATASETS[trial.dataset], trial.at["n_samples"]
    classes = len(entry.class_names or (0, 1))
    return Cost(
        float_products=COVERING_PAIRS * PAIR_SECONDS * entry.input_dim * points**2 * classes,
        other=DECOMPOSITION_SECONDS * entry.input_dim**3,
    )


def memory(trial: Trial) -> float:
    """Bytes that a trial needs: all points as read and once more, and blocks of distances."""
    numbers = 0
    if trial.dataset is not None:
        numbers = DATASETS[trial.dataset].n_samples * DATASETS[trial.dataset].input_dim
    elif "n_samples" in trial.at:
        numbers = trial.at["n_samples"] * trial.at["input_dim"]
    return 24.0 * numbers + 8e8
