"""Predicted time of a trial, which sizes the chunks of trials that a job takes."""

from memrob.lipschitz.attained import MOST_EXACT
from memrob.lipschitz.lower.climb import first_evaluations
from memrob.lipschitz.lower.local import PIECE_POINTS, PIECE_WORK
from memrob.lipschitz.lower.search import MOST_COORDINATES, default_restarts
from memrob.studies.lipschitz.trial import Trial

# One core of a server with AVX2: 30 GFLOP/s in the thin matrix products of the search, 25 in the
# factorisations of the semidefinite bound, 65 M numbers a second in sorted pieces of lines; in
# climbs 1.7 G weights a second and 5 microseconds for a point besides.
SEARCH_FLOPS = 3e10
FACTOR_FLOPS = 2.5e10
PIECE_NUMBERS = 6.5e7
CLIMB_WEIGHTS = 1.7e9
POINT_SECONDS = 5e-6
STEP_SECONDS = 4e-4
ROUND_SECONDS = 2e-3

# Evaluations for each p until the semidefinite bound no longer improves, and what one takes beside
# its products, a neuron of a shallow network included.
SHALLOW_EVALUATIONS, DEEP_EVALUATIONS = 200, 60
SHALLOW_SECONDS, DEEP_SECONDS = 1.2e-4, 1.2e-3
NEURON_SECONDS = 1.6e-7
MOST_OPERATIONS = 1e12

REGION_SECONDS = 1e-5


def predicted_seconds(trial: Trial) -> float:
    """Time of a trial in seconds on one core."""
    polish = _runs(trial) * ((_pieces(trial) or _climbs(trial)) + _settling(trial))
    lower = _search(trial) + _coordinates(trial) + polish
    return lower + _semidefinite(trial) + _exact(trial) + 0.03


def weights_of(trial: Trial) -> int:
    """Weights of the hidden layers."""
    return trial.width * (trial.input_dim + (trial.depth - 1) * trial.width)


def _runs(trial: Trial) -> int:
    """Networks that are searched: one with biases is searched without them too."""
    return 1 if trial.bias == "zero" else 2


def _search(trial: Trial) -> float:
    weights = weights_of(trial)
    restarts = trial.search_restarts or default_restarts(weights)
    starts = restarts * (len(trial.ps) + 2 * sum(p < 2 for p in trial.ps))
    return _runs(trial) * trial.search_steps * (8 * weights * starts / SEARCH_FLOPS + STEP_SECONDS)


def _coordinates(trial: Trial) -> float:
    """Starts that are aligned with coordinate vectors of either sign."""
    starts = min(2 * trial.input_dim, MOST_COORDINATES) * sum(p < 2 for p in trial.ps)
    return _runs(trial) * 10 * weights_of(trial) * starts / SEARCH_FLOPS


def _pieces(trial: Trial) -> float:
    n_ps, weights = len(trial.ps), weights_of(trial)
    numbers = weights * n_ps if trial.depth == 1 else 1.5 * trial.width * trial.depth * weights
    restarts = trial.search_restarts or default_restarts(weights)
    rounds = min(PIECE_WORK / (numbers * PIECE_POINTS * n_ps), 1.5 * restarts)
    if rounds < 8:
        return 0.0
    return rounds * (PIECE_POINTS * n_ps * numbers / PIECE_NUMBERS + ROUND_SECONDS)


def _climbs(trial: Trial) -> float:
    if trial.depth == 1:
        return 0.0
    weights, n_ps = weights_of(trial), len(trial.ps)
    sizes = trial.input_dim, trial.width * trial.depth, weights
    points = n_ps * first_evaluations(*sizes, n_ps, trial.search_steps)
    return points * (weights / CLIMB_WEIGHTS + POINT_SECONDS)


def _settling(trial: Trial) -> float:
    """Spectral norms, from which it follows that a gradient is attained in spite of rounding."""
    if weights_of(trial) <= MOST_EXACT:
        return 0.0
    return 2.0 * (trial.depth - 1) * trial.width**3 / FACTOR_FLOPS


def _semidefinite(trial: Trial) -> float:
    if "semidefinite" not in trial.upper:
        return 0.0
    n_ps = len(trial.ps)
    if trial.depth == 1:
        evaluations = SHALLOW_EVALUATIONS * n_ps
        products = 2.0 * trial.width * trial.input_dim**2
        beside = SHALLOW_SECONDS + NEURON_SECONDS * trial.width
    else:
        evaluations = DEEP_EVALUATIONS * n_ps
        products, beside = 4.0 * trial.depth * trial.width**3, DEEP_SECONDS
    most = MOST_OPERATIONS if trial.upper_operations is None else trial.upper_operations
    return min(evaluations * products, most) / FACTOR_FLOPS + evaluations * beside


def _exact(trial: Trial) -> float:
    """Regions of deep networks with biases, which no fan of lines holds."""
    if not trial.exact or trial.depth == 1 or trial.bias == "zero":
        return 0.0
    return REGION_SECONDS * (trial.width * trial.depth) ** 3
