"""Check what the figures of an experiment should show against its trials."""

import pandas as pd

from memrob.studies.interpolation.claims import extensions, grids, sizes
from memrob.studies.interpolation.claims.rule import Claim, shared_cells

RULES = {**grids.RULES, **sizes.RULES, **extensions.RULES}

# The smallest and largest number of points that the claims are about. A run on other data, such
# as the synthetic sets of a smoke test, says nothing about them.
SAMPLES = {
    "moons": (1000, 1000),
    "moons_size": (100_000, 1_000_000),
    "mnist": (70_000, 70_000),
    "mnist_ext_bias": (70_000, 70_000),
    "mnist_ext_iter": (70_000, 70_000),
    "mnist_1v8_size": (1400, 15_000),
    "mnist_1v9_size": (1400, 15_000),
    "cifar10": (60_000, 60_000),
    "cifar10_ext_bias": (60_000, 60_000),
    "cifar10_ext_iter": (60_000, 60_000),
}


def check_claims(
    experiment: str, trials: pd.DataFrame | None, published: pd.DataFrame | None = None
) -> dict[str, list[Claim]]:
    """Decide every claim about the figures of one experiment.

    Parameters
    ----------
    experiment : str
        Name of the experiment.
    trials : pandas.DataFrame or None
        One row a trial, as in `results/interpolation/<experiment>.csv`; None or empty where the
        experiment was not run.
    published : pandas.DataFrame or None
        Published cells, as in `data/reference/<experiment>.csv`, if there are any.

    Returns
    -------
    dict of str to list of Claim
        The claims by figure name; empty for an experiment about which nothing is claimed.
    """
    rules = RULES.get(experiment, [])
    obstacle, cells = None, None
    if trials is None or trials.empty:
        obstacle = "not run"
    else:
        low, high = SAMPLES.get(experiment, (0, float("inf")))
        numbers = trials["n_samples"]
        if numbers.min() < low or numbers.max() > high:
            obstacle = f"run on other data: N = {numbers.min():,} to {numbers.max():,}"
    if obstacle is None and rules:
        cells = _summarise(trials)
        published = _same_cells(cells, published)
    claims: dict[str, list[Claim]] = {}
    for rule in rules:
        claim = (
            rule.apply(cells, published)
            if obstacle is None
            else Claim(rule.statement, None, obstacle)
        )
        claims.setdefault(rule.figure, []).append(claim)
    return claims


def _summarise(trials: pd.DataFrame) -> pd.DataFrame:
    from memrob.studies.interpolation.cells import summarise

    return summarise(trials)


def _same_cells(cells: pd.DataFrame, published: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the published cells of this run's grid, None if there are none."""
    if published is None:
        return None
    published = shared_cells(cells, published)[1]
    return None if published.empty else published
