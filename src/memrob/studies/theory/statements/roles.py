"""Theorem 4 of [M] is linear in M- and logarithmic in M+: the roles of the classes exchanged.

Both roles take the same hyperplanes. Negating all weights and biases turns every hyperplane that
separates a pair in one direction into one that does so in the other and does not change their law,
so the probability of interpolation does not depend on the roles (own); the second width does.
"""

import numpy as np

from memrob.complexity.profile import complexity
from memrob.data.dataset import Dataset
from memrob.interpolation import fit
from memrob.interpolation.network import Network
from memrob.studies.theory.trial import Trial

CONSTANTS = (0.5, 1.0)
"""Factors of the radii of the coverings, which [M] leaves open."""

DRAWS = 200
"""Gaussian vectors for the mean widths of the coverings."""


def run(trial: Trial, data: Dataset, kept: dict) -> list[dict]:
    """Construct networks in both roles: one row per class that plays X-, one for two classes.

    Parameters
    ----------
    trial : Trial
    data : Dataset
        The whole data set.
    kept : dict
        What trials share, see `memrob.studies.theory.trials.run_trials`.

    Returns
    -------
    list of dict
        `label` of the class; `n_minus`, `n_plus`; `M_minus`, `M_plus` of a mutual covering with
        constant 1/2, and `M_minus_at_1`, `M_plus_at_1` of one with constant 1;
        `first_width_shape` of the theorem for the first; `interpolated` (0 or 1) and
        `second_width` with the class as X-, and the same with `_exchanged` for the rest as X-.
    """
    X, y = (part[: trial.at["n_samples"]] for part in data)
    settings = {name: trial.at[name] for name in ("first_width", "max_bias")}
    settings["seed"] = trial.seed
    network = fit(X, y, **settings)
    coverings = _coverings(trial, X, y, kept)
    rows = []
    for position, detector in enumerate(network.detectors):
        rest = (y == detector.label).astype(np.int64)
        found, larger = (coverings[detector.label, constant] for constant in CONSTANTS)
        rows.append(
            {
                "label": detector.label,
                "n_minus": found.n_minus,
                "n_plus": found.n_plus,
                "M_minus": found.M_minus,
                "M_plus": found.M_plus,
                "M_minus_at_1": larger.M_minus,
                "M_plus_at_1": larger.M_plus,
                "first_width_shape": found.first_width,
                **_result(network, position, ""),
                **_result(fit(X, rest, swap=True, **settings), 0, "_exchanged"),
            }
        )
    return rows


def _result(network: Network, position: int, suffix: str) -> dict:
    detector = network.detectors[position]
    return {
        f"interpolated{suffix}": int(detector.n_covered == detector.n_members),
        f"second_width{suffix}": detector.width,
    }


def _coverings(trial: Trial, X: np.ndarray, y: np.ndarray, kept: dict) -> dict:
    """Columns of the coverings by label and constant; trials on the same points share them."""
    key = trial.at["n_samples"], trial.at["max_bias"]
    if key not in kept:
        kept.clear()
        kept[key] = {
            (found.label, constant): found
            for constant in CONSTANTS
            for found in complexity(X, y, key[1], constant=constant, draws=DRAWS).classes
        }
    return kept[key]
