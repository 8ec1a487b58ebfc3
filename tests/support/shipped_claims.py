"""Claims as the shipped configuration binds them to figures."""

from pathlib import Path

from memrob.studies.claim import decide_claims
from memrob.studies.registry import load_experiment

CONFIGURATIONS = Path(__file__).parents[2] / "config" / "experiments"


def check_claims(experiment, trials, beside=None):
    """Claims of a shipped experiment by figure, {} where there is no such experiment."""
    paths = list(CONFIGURATIONS.glob(f"*/{experiment}.yaml"))
    if not paths:
        return {}
    loaded = load_experiment(paths[0])
    return decide_claims(loaded.rules(), loaded.figures, trials, beside, experiment)


def experiments_with_claims(study):
    """Names of the shipped experiments of a study that claim anything."""
    names = [path.stem for path in sorted((CONFIGURATIONS / study).glob("*.yaml"))]
    return [name for name in names if check_claims(name, None)]
