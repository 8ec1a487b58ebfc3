"""The scikit-learn estimator: its contract, invariance, and what it makes of bad data."""

import doctest

import numpy as np
import pytest
from shifted_signals import CASES, random_signals, two_classes
from sklearn.utils.estimator_checks import parametrize_with_checks

from memrob.convolution import InvariantInterpolatingClassifier, estimator, fit, shifted
from memrob.convolution.group import ShiftGroup, representatives
from memrob.data import largest_norm


@parametrize_with_checks(
    [
        InvariantInterpolatingClassifier(),
        InvariantInterpolatingClassifier((1,), normalize=False, max_bias=3.0),
        InvariantInterpolatingClassifier(warm_start=True),
        InvariantInterpolatingClassifier(order="greedy", decision="margin"),
        InvariantInterpolatingClassifier(order="cluster"),
    ]
)
def test_contract_of_scikit_learn(estimator, check):
    check(estimator)


def test_example():
    results = doctest.testmod(estimator)
    assert results.attempted > 0
    assert results.failed == 0


def _classifier(group, filter_size, first_width=60, **options):
    return InvariantInterpolatingClassifier(
        group.grid_shape,
        first_width,
        0.7,
        filter_size=filter_size,
        strides=group.strides,
        random_state=4,
        **options,
    )


@pytest.mark.parametrize(("group", "channels", "filter_size"), CASES)
@pytest.mark.parametrize("normalize", [False, True])
def test_is_the_network_of_fit_whatever_the_shifts(group, channels, filter_size, normalize):
    X, y = two_classes(group, channels)
    X *= 3
    moved = np.concatenate([shifted(X[i : i + 1], group, i % group.order) for i in range(len(X))])
    names = np.array(["plus", "minus"])[y]
    found = _classifier(group, filter_size, normalize=normalize).fit(X, names)
    other = _classifier(group, filter_size, normalize=normalize).fit(moved, names)
    points = representatives(X, group)
    scale = largest_norm(points) if normalize else np.float32(1)
    expected = fit(
        points / scale,
        1 - y,
        grid_shape=group.grid_shape,
        strides=group.strides,
        first_width=60,
        max_bias=0.7,
        filter_size=filter_size,
        seed=4,
    )
    anywhere = 3 * random_signals(group, channels, 100, seed=8)

    assert found.scale_ == other.scale_ == scale
    assert found.classes_.tolist() == ["minus", "plus"]
    labels = found.predict(anywhere)
    assert len(set(labels)) == 2
    assert labels.tolist() == found.classes_[expected.predict(anywhere / scale)].tolist()
    for k in range(group.order):
        assert other.predict(shifted(anywhere, group, k)).tolist() == labels.tolist()


def test_one_axis_and_all_shifts_are_the_default():
    X, y = two_classes(ShiftGroup.full((12,)), 1)
    found = InvariantInterpolatingClassifier(first_width=500, random_state=0).fit(X, y)

    assert found.network_.layer.group == ShiftGroup.full((12,))
    assert found.interpolates_
    assert found.score(np.roll(X, 5, axis=1), y) == 1
    assert found.first_width_ == 500
    assert found.second_width_ == sum(found.second_width_per_class_) > 1
    assert found.n_parameters_ == 500 * 13 + found.second_width_ * 501 + 1


def test_one_stride_for_all_axes():
    X, y = two_classes(ShiftGroup.full((4, 6)), 1)
    found = InvariantInterpolatingClassifier((4, 6), 50, strides=2).fit(X, y)

    assert found.network_.layer.group == ShiftGroup((4, 6), (2, 2))


def test_warm_start_keeps_the_filters():
    group, channels, filter_size = CASES[4]
    X, y = two_classes(group, channels)
    found = _classifier(group, filter_size, warm_start=True).fit(X, y)
    before = found.network_
    rows = {tuple(row) for row in before.weights}
    again = found.set_params(first_width=60).fit(X, y).network_
    assert again.detectors[0].candidates.tolist() == before.detectors[0].candidates.tolist()
    grown = found.set_params(first_width=90).fit(X, y).network_

    assert found.first_width_ == grown.layer.width == 90
    assert rows < {tuple(row) for row in grown.weights}
    with pytest.raises(ValueError, match="first_width: is 80; there are 90 filters already"):
        found.set_params(first_width=80).fit(X, y)
    with pytest.raises(ValueError, match=r"warm_start: has filters of shape \(3, 3\)"):
        found.set_params(first_width=99, filter_size=2).fit(X, y)


def test_shift_of_a_signal_in_another_class_is_pointed_out():
    group = ShiftGroup.full((12,))
    X, y = two_classes(group, 1)
    X[7] = np.roll(X[4], 5)
    with pytest.warns(UserWarning, match="X, up to shifts: rows 4 and 7 .* are the same point"):
        found = _classifier(group, None, first_width=1000).fit(X, y)

    assert not found.interpolates_
    assert found.network_.covered == 19 / 20


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"grid_shape": (7,)}, "grid_shape: .* do not divide the 12 features"),
        ({"grid_shape": (2.5, 3)}, "grid_shape: is"),
        ({"strides": 5}, "strides: 5 does not divide"),
        ({"strides": (1, 1)}, "strides: .* needs one stride for each axis"),
        ({"filter_size": 13}, "filter_size: is 13"),
        ({"filter_size": 1.5}, "filter_size: is 1.5"),
    ],
)
def test_mistakes_are_value_errors(options, message):
    X, y = two_classes(ShiftGroup.full((12,)), 1)
    with pytest.raises(ValueError, match=message):
        InvariantInterpolatingClassifier(**options).fit(X, y)


@pytest.mark.parametrize(
    "changed",
    [{"positions": True}, {"filter_size": True}, {"strides": (True,)}, {"normalize": "False"}],
    ids=str,
)
def test_parameters_of_other_types(changed):
    with pytest.raises(TypeError, match=r"must be (an instance of|an integer|a real number)"):
        InvariantInterpolatingClassifier(**changed).fit([[1.0], [2.0]], [0, 1])
