"""A network as arrays, what is read of its files, and how others are refused."""

import numpy as np
import pytest

from memrob.errors import UserError
from memrob.lipschitz.files import load_network
from memrob.lipschitz.network import ReluNetwork


def small_arrays():
    """Weights W0, W1, W2 and biases b0, b1, b2 of a network from R^3 to R."""
    rng = np.random.default_rng(5)
    return {
        "W0": rng.standard_normal((6, 3)),
        "b0": rng.standard_normal(6),
        "W1": rng.standard_normal((5, 6)),
        "b1": rng.standard_normal(5),
        "W2": rng.standard_normal((1, 5)),
        "b2": rng.standard_normal(1),
    }


def refusal(path, output=None):
    with pytest.raises(UserError) as error:
        load_network(path, output)
    text = str(error.value)
    assert "\n" not in text
    assert str(path) in text
    return text


def assert_same(found, expected):
    assert (len(found.weights), len(found.biases)) == (len(expected.weights), len(expected.biases))
    for a, b in zip(found.weights + found.biases, expected.weights + expected.biases, strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.dtype == np.float64


def network_of(arrays):
    depth = len(arrays) // 2
    return ReluNetwork(
        tuple(arrays[f"W{i}"] for i in range(depth)), tuple(arrays[f"b{i}"] for i in range(depth))
    )
