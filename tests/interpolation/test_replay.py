"""Published trials, replayed exactly."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from exact_points import packed

from memrob.data import availability, build
from memrob.interpolation import fit
from memrob.interpolation.first_layer import sample_first_layer
from memrob.interpolation.reference_order import second_layer_in_reference_order

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
    return pd.read_csv(TRIALS / f"{name}.csv")


def test_moons():
    X, y = build("moons")
    some = list(rows("moons").iloc[::10].itertuples())
    assert len(some) == 250
    assert [d for row in some if (d := difference(row, replay(row, X, y)))] == []
    # Among them are trials without any neuron, and others that interpolate.
    assert {row.score for row in some} > {0.5, 1.0}


def test_moons_size():
    X, y = build("moons_size")
    table = rows("moons_size")
    n_samples = 1000 * table["dataset"].str.extract(r"_(\d+)k$")[0].astype(int)
    some = list(table.assign(n_samples=n_samples).nsmallest(3, "n_samples").itertuples())
    assert [row.n_samples for row in some] == 3 * [100_000]
    for row in some:
        network = replay(row, X[: row.n_samples], y[: row.n_samples])
        assert difference(row, network) is None


@pytest.fixture(scope="module")
def mnist():
    if not FOLDER or not availability("mnist", FOLDER)[0]:
        pytest.skip("MEMROB_DATA names no folder with MNIST")
    return build("mnist", mirror=FOLDER)


@pytest.mark.parametrize(
    ("seed", "second_widths"), [(195, [2333, 832, 3229]), (313, [1278, 498, 2638])]
)
def test_mnist(mnist, seed, second_widths):
    (row,) = (row for row in rows("mnist").itertuples() if row.seed == seed)
    published = [getattr(row, f"second_width_{k}") for k in range(10)]
    network = replay(row, *mnist)
    assert network.accuracy == row.score
    assert network.second_width_per_class[:3] == published[:3] == second_widths
    # A pre-activation next to 0 may round to either side of it: one decides over class 8 of row
    # 313. Where the matrix product is taken in float64, all classes agree.
    assert exact_second_widths(network, *mnist, seed) == published
    some = np.random.default_rng(0).integers(len(mnist.y), size=2000)
    assert (network.predict(mnist.X[some]) == mnist.y[some]).all()


def exact_second_widths(network, X, y, seed):
    rng = np.random.default_rng(seed)
    drawn = sample_first_layer(rng, *network.weights.shape, 0.0)
    # The network holds the hyperplanes that were drawn, in another order.
    assert sorted(drawn.weights[:, 0]) == sorted(network.weights[:, 0])
    weights, biases = network.weights.astype(np.float64), network.biases
    features = packed([X[y == k] @ weights.T + biases > 0 for k in range(10)])
    return [len(second_layer_in_reference_order(features, k, rng).candidates) for k in range(10)]
