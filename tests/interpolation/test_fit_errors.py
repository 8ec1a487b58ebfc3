"""Arguments of `fit` that a user can get wrong."""

import numpy as np
import pytest

from memrob.errors import UserError
from memrob.interpolation import fit

X = np.array([[0.0, 1], [1, 0], [1, 1]], dtype=np.float32)
Y = np.array([0, 1, 1])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"first_width": 0}, "first_width: is 0"),
        ({"first_width": -3}, "first_width: is -3"),
        ({"max_bias": -0.5}, "max_bias: is -0.5"),
        ({"max_bias": float("nan")}, "max_bias: is nan"),
        ({"max_bias": float("inf")}, "max_bias: is inf"),
        ({"seed": -1}, "seed: is -1"),
        ({"order": "ascending"}, "order: is 'ascending'; it must be one of permutation, reference"),
        ({"activation": "tanh"}, "activation: is 'tanh'; it must be one of threshold, relu"),
        ({"activation": "relu", "order": "reference"}, "order: reference replays threshold"),
        ({"y": np.array([7, 7, 7])}, r"y: holds one class only \(\[7\]\)"),
    ],
)
@pytest.mark.parametrize("adaptive", [False, True])
def test_one_line_that_says_what_is_wrong(changed, message, adaptive):
    arguments = {"X": X, "y": Y, "first_width": 5, "max_bias": 1.0, "seed": 0} | changed
    with pytest.raises(UserError, match=message) as raised:
        fit(**arguments, adaptive=adaptive)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("order", ["permutation", "reference"])
def test_least_arguments_are_accepted(order):
    network = fit(X, Y, first_width=1, max_bias=0, seed=0, order=order)
    assert network.weights.shape == (1, 2)
    assert not network.biases.any()


def test_points_are_taken_as_float32_in_any_layout():
    layouts = [X, X.astype(np.float64), np.asfortranarray(X), np.repeat(X, 2, axis=0)[::2]]
    networks = [fit(x, Y, first_width=90, max_bias=1.0, seed=0) for x in layouts]
    assert len({network.detectors[0].mask_words.tobytes() for network in networks}) == 1
    assert [network.predict(x).tolist() for network in networks for x in layouts] == 16 * [
        [0, 1, 1]
    ]
