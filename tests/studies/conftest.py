"""Experiments to spoil, and a small data set."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from memrob.data.dataset import Dataset
from memrob.studies.registry import load_experiments

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def known():
    """All experiments that come with the project, by name."""
    return load_experiments(ROOT / "config" / "experiments")


@pytest.fixture(scope="session")
def shipped(known):
    """Those of part one."""
    return {name: e for name, e in known.items() if e.part == "interpolation"}


@pytest.fixture
def settings():
    """Content of a small valid experiment."""
    return {
        "title": "A test",
        "dataset": "moons",
        "order": "permutation",
        "grid": {
            "first_width": [10, 20, 30],
            "max_bias": {"start": 0, "stop": 0.3, "step": 0.1},
        },
        "restarts": 4,
        "scales": {"smoke": {"first_width": [20], "restarts": 2}, "paper": {}},
        "figures": {
            "width": {
                "kind": "heatmap",
                "quantity": "second_width",
                "x": "max_bias",
                "y": "first_width",
                "caption": "c",
            }
        },
    }


@pytest.fixture
def write(tmp_path):
    """Function that writes settings as an experiment file."""

    def write(content, name="test"):
        path = tmp_path / "interpolation" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(content, sort_keys=False))
        return path

    return write


@pytest.fixture(scope="session")
def three_classes():
    rng = np.random.default_rng(5)
    X = rng.standard_normal((80, 4)).astype(np.float32)
    return Dataset(X / np.linalg.norm(X, axis=1).max(), rng.integers(0, 3, 80))
