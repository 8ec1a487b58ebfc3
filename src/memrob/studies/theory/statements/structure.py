"""Remark 12 of [M]: omega of data with structure is bounded whatever the number of points."""

import numpy as np

from memrob.complexity.profile import complexity
from memrob.complexity.structure import structured_points
from memrob.data.dataset import Dataset
from memrob.studies.theory.trial import Trial

DRAWS = 500


def run(trial: Trial, _data: Dataset | None, _kept: dict) -> list[dict]:
    """Compute omega of a class of random points with a structure, in one ball.

    Returns
    -------
    list of dict
        One row: `M_minus` of the covering, `delta` of its centres, `omega` and `omega_error`.
    """
    at, rng = trial.at, np.random.default_rng(trial.seed)
    X_minus, plus = structured_points(rng, at["structure"], at["n_samples"], at["input_dim"])
    X = np.concatenate([X_minus, plus[None]])
    y = np.append(np.ones(len(X_minus), dtype=np.int64), 0)
    found = complexity(X, y, 1.0, constant=1.0, draws=DRAWS, seed=trial.seed).classes[0]
    row = {
        "M_minus": found.M_minus,
        "delta": found.centre_separation,
        "omega": found.omega.value,
        "omega_error": found.omega.standard_error,
    }
    return [row]
