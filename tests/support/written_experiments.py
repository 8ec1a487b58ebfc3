"""Experiments that a test writes into a folder and reads as the workflow does."""

import yaml

from memrob.studies.registry import load_experiment


def written(folder, part, settings, name="test"):
    """The experiment of a part with the given settings, from a file in a folder."""
    path = folder / part / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(settings))
    return load_experiment(path)
