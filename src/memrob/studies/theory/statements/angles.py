"""Smallest angles, which decide what hyperplanes through the origin can do ([M] 4.4, p. 30)."""

from memrob.complexity.angles import class_angle, point_angle
from memrob.data.dataset import Dataset
from memrob.studies.theory.trial import Trial


def run(trial: Trial, data: Dataset, _kept: dict) -> list[dict]:
    """Compute the smallest angle between two points, of different classes or of any.

    Returns
    -------
    list of dict
        One row: `radians`, the rows of the two points and their labels.
    """
    classes = trial.at["pairs"] == "classes"
    radians, (i, j) = class_angle(data.X, data.y) if classes else point_angle(data.X)
    rows = {"row_1": i, "row_2": j, "label_1": int(data.y[i]), "label_2": int(data.y[j])}
    return [{"radians": radians, **rows}]
