"""Proposition 10 of [M]: the region of a neuron tends to a ball that touches the other class."""

import numpy as np

from memrob.complexity.regions import directions, distance_to_ball, reach, region_radii, spread
from memrob.data.dataset import Dataset
from memrob.interpolation.first_layer import sample_first_layer
from memrob.studies.theory.trial import Trial

RAYS = 90
POINTS = 20
"""Points of X- that restarts go through, evenly spread over the class."""


def run(trial: Trial, data: Dataset, _kept: dict) -> list[dict]:
    """Measure the region of the neuron that one point of X- makes.

    Returns
    -------
    list of dict
        One row: `row` of the point; `made` (0 or 1), whether it makes a neuron; `distance`,
        `spread` and `reach` of its region, see `memrob.complexity.regions`.
    """
    labels = np.unique(data.y)
    minus, plus = (np.flatnonzero(data.y == label) for label in (labels[-1], labels[0]))
    row = minus[(trial.restart % POINTS) * (len(minus) // POINTS)]
    point, X_plus = data.X[row], data.X[plus]
    rng = np.random.default_rng(trial.seed)
    layer = sample_first_layer(rng, trial.at["first_width"], len(point), trial.at["max_bias"])
    radii = region_radii(layer, point, X_plus, directions(rng, RAYS, len(point)))
    found = {
        "row": int(row),
        "made": int(radii.any()),
        "distance": distance_to_ball(radii, point, X_plus),
        "spread": spread(radii, point, X_plus),
        "reach": reach(layer, point, X_plus),
    }
    return [found]
