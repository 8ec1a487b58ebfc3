"""Predicted time of a trial, which sizes the chunks of trials that a job takes."""

from memrob.experiments.lipschitz.trial import Trial

# One core of a server of 2025: 60 GFLOP/s in the thin matrix products of the search, 25 in the
# factorisations of the semidefinite bound, 100 ns for each neuron that is active or not.
SEARCH_FLOPS = 6e10
STEP_SECONDS = 4e-4


def predicted_seconds(trial: Trial) -> float:
    """Time of a trial in seconds on one core."""
    weights = trial.width * (trial.input_dim + (trial.depth - 1) * trial.width)
    restarts = trial.search_restarts or (32 if weights < 2**20 else 16)
    starts = restarts * (len(trial.ps) + 2 * sum(p < 2 for p in trial.ps))
    runs = 1 if trial.bias == "zero" else 2
    search = runs * trial.search_steps * (8 * weights * starts / SEARCH_FLOPS + STEP_SECONDS)
    return search + 0.05
