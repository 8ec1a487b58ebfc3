"""Predicted time of a trial, which sizes the chunks of trials that a job takes."""

from memrob.lipschitz.attained import MOST_EXACT
from memrob.lipschitz.lower.climb import first_evaluations
from memrob.lipschitz.lower.local import PIECE_POINTS, PIECE_WORK
from memrob.lipschitz.lower.search import MOST_COORDINATES, default_restarts
from memrob.numerics.cost import Cost
from memrob.studies.lipschitz.trial import Trial

# 30 GFLOP/s in the thin matrix products of the search and 25 in the factorisations of the
# semidefinite bound, on the reference core; 150 M numbers a second in sorted pieces of lines; in
# climbs 12 G weights a second, fewer where they fit no cache.
SEARCH_FLOPS = 3e10
FACTOR_FLOPS = 2.5e10
PIECE_NUMBERS = 1.5e8
CLIMB_WEIGHTS, CACHED_WEIGHTS = 1.2e10, 1e5
POINT_SECONDS = 7e-7
STEP_SECONDS = 4e-4
ROUND_SECONDS = 7e-4

# Evaluations for each p until the semidefinite bound no longer improves, and what one takes beside
# its products, a neuron of a shallow network included.
SHALLOW_EVALUATIONS, DEEP_EVALUATIONS = 200, 60
SHALLOW_SECONDS, DEEP_SECONDS = 7e-5, 1.2e-3
NEURON_SECONDS = 8e-8
MOST_OPERATIONS = 1e12

REGION_SECONDS = 1e-5


def predicted_cost(trial: Trial) -> Cost:
    """Cost of a trial."""
    climbs = (_pieces(trial) or _climbs(trial)) + _settling(trial)
    lower = _search(trial) + _coordinates(trial) + climbs * _runs(trial)
    return lower + _semidefinite(trial) + Cost(other=_exact(trial) + 0.03)


def weights_of(trial: Trial) -> int:
    """Weights of the hidden layers."""
    return trial.width * (trial.input_dim + (trial.depth - 1) * trial.width)


def _runs(trial: Trial) -> int:
    """Networks that are searched: one with biases is searched without them too."""
    return 1 if trial.bias == "zero" else 2


def _search(trial: Trial) -> Cost:
    weights = weights_of(trial)
    restarts = trial.search_restarts or default_restarts(weights)
    starts = restarts * (len(trial.ps) + 2 * sum(p < 2 for p in trial.ps))
    step = Cost(float_products=8 * weights * starts / SEARCH_FLOPS, other=STEP_SECONDS)
    return step * (_runs(trial) * trial.search_steps)


def _coordinates(trial: Trial) -> Cost:
    """Starts that are aligned with coordinate vectors of either sign."""
    starts = min(2 * trial.input_dim, MOST_COORDINATES) * sum(p < 2 for p in trial.ps)
    return Cost(float_products=_runs(trial) * 10 * weights_of(trial) * starts / SEARCH_FLOPS)


def _pieces(trial: Trial) -> Cost | None:
    n_ps, weights = len(trial.ps), weights_of(trial)
    numbers = weights * n_ps if trial.depth == 1 else 1.5 * trial.width * trial.depth * weights
    restarts = trial.search_restarts or default_restarts(weights)
    rounds = min(PIECE_WORK / (numbers * PIECE_POINTS * n_ps), 1.5 * restarts)
    if rounds < 8:
        return None
    return Cost(other=rounds * (PIECE_POINTS * n_ps * numbers / PIECE_NUMBERS + ROUND_SECONDS))


def _climbs(trial: Trial) -> Cost:
    if trial.depth == 1:
        return Cost()
    weights, n_ps = weights_of(trial), len(trial.ps)
    sizes = trial.input_dim, trial.width * trial.depth, weights
    points = n_ps * first_evaluations(*sizes, n_ps, trial.search_steps)
    rate = CLIMB_WEIGHTS / (1 + weights / CACHED_WEIGHTS)
    return Cost(other=points * (weights / rate + POINT_SECONDS))


def _settling(trial: Trial) -> Cost:
    """Spectral norms, from which it follows that a gradient is attained in spite of rounding."""
    if weights_of(trial) <= MOST_EXACT:
        return Cost()
    return Cost(float_products=2.0 * (trial.depth - 1) * trial.width**3 / FACTOR_FLOPS)


def _semidefinite(trial: Trial) -> Cost:
    if "semidefinite" not in trial.upper:
        return Cost()
    n_ps = len(trial.ps)
    if trial.depth == 1:
        evaluations = SHALLOW_EVALUATIONS * n_ps
        products = 2.0 * trial.width * trial.input_dim**2
        beside = SHALLOW_SECONDS + NEURON_SECONDS * trial.width
    else:
        evaluations = DEEP_EVALUATIONS * n_ps
        products, beside = 4.0 * trial.depth * trial.width**3, DEEP_SECONDS
    most = MOST_OPERATIONS if trial.upper_operations is None else trial.upper_operations
    return Cost(
        float_products=min(evaluations * products, most) / FACTOR_FLOPS, other=evaluations * beside
    )


def _exact(trial: Trial) -> float:
    """Regions of deep networks with biases, which no fan of lines holds."""
    if not trial.exact or trial.depth == 1 or trial.bias == "zero":
        return 0.0
    return REGION_SECONDS * (trial.width * trial.depth) ** 3
