"""Check what the figures of an experiment should show against its tables."""

import pandas as pd

from memrob.studies.claim import Claim, decide_claims
from memrob.studies.complexity.claims import capacity, shapes, widths
from memrob.studies.complexity.claims.rule import Rule

RULES: dict[str, list[Rule]] = {
    "complexity_moons": [*widths.rules("max_bias"), *shapes.MAX_BIAS],
    "complexity_moons_size": [*widths.rules("n_samples"), *shapes.N_SAMPLES, *capacity.RULES],
    "complexity_mnist": widths.CLASSES,
    "complexity_lines": [widths.COVERINGS, widths.ALL_ALONE],
    "complexity_mnist_1v8": [widths.COVERINGS, widths.BELOW],
    "complexity_mnist_1v9": [widths.COVERINGS, widths.BELOW],
    "complexity_cifar10": [widths.COVERINGS],
}


def check_claims(
    experiment: str, theory: pd.DataFrame | None, measured: pd.DataFrame | None
) -> dict[str, list[Claim]]:
    """Decide every claim about the figures of one experiment.

    Parameters
    ----------
    experiment : str
        Name of the experiment.
    theory : pandas.DataFrame or None
        One row a trial and class, as in `results/complexity/<experiment>.csv`; None or empty
        where the experiment was not run.
    measured : pandas.DataFrame or None
        Trials of the experiment of part interpolation that it is set beside.

    Returns
    -------
    dict of str to list of Claim
        The claims by figure name; empty for an experiment about which nothing is claimed.
    """
    return decide_claims(RULES.get(experiment, []), theory, measured)
