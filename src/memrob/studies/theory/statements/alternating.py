"""Proposition 13 of [M]: alternating points on a line need M- neurons, whatever the hyperplanes."""

from memrob.complexity.alternating import alternating_points
from memrob.data.dataset import Dataset
from memrob.interpolation import fit
from memrob.studies.theory.trial import Trial


def run(trial: Trial, _data: Dataset | None, _kept: dict) -> list[dict]:
    """Construct a network that interpolates alternating points on [-1, 1].

    The first width of the trial is the least; hyperplanes are added until all pairs are separated.

    Returns
    -------
    list of dict
        One row: `hyperplanes`, `interpolated` (0 or 1) and `second_width`.
    """
    at = trial.at
    X, y = alternating_points(at["n_minus"], at["input_dim"], gap=1 / at["n_minus"])
    network = fit(
        X,
        y,
        first_width=at["first_width"],
        max_bias=at["max_bias"],
        seed=trial.seed,
        adaptive=True,
    )
    found = {
        "hyperplanes": network.layer.width,
        "interpolated": int(network.interpolates),
        "second_width": network.second_width,
    }
    return [found]
