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
        (
            {"order": "ascending"},
            "order: is 'ascending'; it must be one of permutation, greedy, cluster",
        ),
        ({"activation": "tanh"}, "activation: is 'tanh'; it must be one of threshold, relu"),
        ({"activation": "relu", "order": "reference"}, "order: reference is for threshold"),
        ({"activation": "relu", "order": "greedy"}, "order: greedy is for threshold networks"),
        ({"activation": "relu", "order": "cluster"}, "order: cluster is for threshold networks"),
        ({"activation": "relu", "slack": 2}, "activation: relu goes with slack 0"),
        ({"order": "reference", "slack": 2}, "order: reference replays published"),
        ({"slack": -1}, "slack: is -1; it must be a number >= 0"),
        ({"slack": 1.5}, "slack: is 1.5; it must be a whole number of points or a share below 1"),
        ({"slack": float("nan")}, "slack: is nan"),
        (
            {"slack": 2},
            "slack: is 2; it must be below 1, the number of points of the other classes",
        ),
        ({"min_cover": 0}, "min_cover: is 0; it must be a whole number >= 1"),
        ({"decision": "vote"}, "decision: is 'vote'; it must be one of detection, margin"),
        ({"y": np.array([7, 7, 7])}, r"y: holds one class only \(\[7\]\)"),
    ],
)
@pytest.mark.parametrize("adaptive", [False, True])
def test_one_line_that_says_what_is_wrong(changed, message, adaptive):
    arguments = {"X": X, "y": Y, "first_width": 5, "max_bias": 1.0, "seed": 0} | changed
    with pytest.raises(UserError, match=message) as raised:
        fit(**arguments, adaptive=adaptive)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        (X * 1j, "X: is no array of real numbers .has type complex"),
        (X.astype(str), "X: is no array of real numbers .has type <U"),
        (X.astype("M8[D]"), "X: is no array of real numbers .has type datetime64"),
        ([[0, 1], [1, 0], [1]], "X: is no array of real numbers"),
        (np.array([[None, {}]] * 3), "X: is no array of real numbers"),
        (np.float64(X) * 1e39, "X: holds values that are not finite numbers in single precision"),
        (X * np.nan, "X: holds values that are not finite numbers"),
        (X[0], r"X: has shape \(2,\)"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_points_that_are_no_real_numbers(points, message):
    with pytest.raises(UserError, match=message) as raised:
        fit(points, Y, first_width=5, max_bias=1.0, seed=0)
    assert "\n" not in str(raised.value)
    with pytest.raises(UserError, match=message):
        fit(X, Y, first_width=5, max_bias=1.0, seed=0).predict(points)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"first_width": "10"}, "first_width must be an integer, not '10'"),
        ({"first_width": 10.0}, "first_width must be an integer, not 10.0"),
        ({"max_bias": True}, "max_bias must be a real number, not True"),
        ({"max_bias": np.True_}, "max_bias must be a real number"),
        ({"seed": "x"}, "seed must be an integer, not 'x'"),
        ({"seed": None}, "seed must be an integer, not None"),
    ],
)
def test_arguments_of_other_types(changed, message):
    arguments = {"X": X, "y": Y, "first_width": 5, "max_bias": 1.0, "seed": 0} | changed
    with pytest.raises(TypeError, match=message):
        fit(**arguments)


@pytest.mark.parametrize("order", ["permutation", "greedy", "reference"])
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
