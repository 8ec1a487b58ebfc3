"""Published trials, replayed exactly."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from memrob.data import availability, build
from memrob.interpolation import fit

TRIALS = Path(__file__).parents[2] / "data" / "reference" / "trials"
# Read at import, before any fixture takes it out of the environment.
FOLDER = os.environ.get("MEMROB_DATA")


def replay(row, X, y):
    return fit(
        X, y, first_width=row.first_width, max_bias=row.max_bias, seed=row.seed, order="reference"
    )


def difference(row, network):
    """What differs from the published row: an empty second layer is recorded there as width 1."""
    found = (max(network.second_width, 1), network.accuracy)
    published = (row.second_width, row.score)
    return None if found == published else (row.seed, found, published)


def rows(name):
    return pd.read_parquet(TRIALS / f"{name}.parquet")


def test_moons():
    X, y = build("moons")
    some = list(rows("moons").iloc[::511].itertuples())
    assert len(some) == 250
    assert [d for row in some if (d := difference(row, replay(row, X, y)))] == []
    # Among them are trials without any neuron, and others that interpolate.
    assert {row.score for row in some} > {0.5, 1.0}


def test_moons_size():
    X, y = build("moons_size")
    for row in rows("moons_size").iloc[[1, 503, 1998]].itertuples():
        network = replay(row, X[: row.n_samples], y[: row.n_samples])
        assert difference(row, network) is None


@pytest.fixture(scope="module")
def mnist():
    if not FOLDER or not availability("mnist", FOLDER)[0]:
        pytest.skip("MEMROB_DATA names no folder with MNIST")
    return build("mnist", mirror=FOLDER)


@pytest.mark.parametrize("seed", [195, 313])
def test_mnist(mnist, seed):
    (row,) = (row for row in rows("mnist").itertuples() if row.seed == seed)
    network = replay(row, *mnist)
    assert network.accuracy == row.score
    published = [getattr(row, f"second_width_{k}") for k in range(10)]
    assert network.second_width_per_class == published
    some = np.random.default_rng(0).integers(len(mnist.y), size=2000)
    assert (network.predict(mnist.X[some]) == mnist.y[some]).all()
