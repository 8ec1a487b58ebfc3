"""Thresholds: the search itself, and a set whose threshold is known."""

import numpy as np
import pandas as pd
import pytest

from memrob.errors import UserError
from memrob.training import threshold
from memrob.training.double_descent import network_rows
from memrob.training.samples import prepare_samples
from memrob.training.settings import Settings, n_parameters
from memrob.training.threshold import Search, search_thresholds, threshold_rows
from memrob.training.trainer import Trained

ADAM = Settings(
    loss="cross_entropy", optimiser="adam", step_size=0.02, epochs=150, batch_size=32, check_every=5
)


def fake_train(fits):
    """Training in which a network fits where `fits` of its width says so."""

    def train(stack, X, labels, settings, *, retire, **own):
        fitted = np.array([fits(width) for width in stack.widths])
        fitted[list(retire(np.flatnonzero(fitted)))] = False
        epochs = np.where(fitted, 10, settings.epochs)
        return Trained(stack, fitted, epochs, epochs, 1.0)

    return train


@pytest.mark.parametrize("true", [1, 2, 3, 37, 64, 99, 100])
@pytest.mark.parametrize("arity", [1, 2, 5])
def test_search_finds_the_threshold_of_a_monotone_rule(monkeypatch, true, arity):
    monkeypatch.setattr(threshold, "train", fake_train(lambda width: width >= true))
    found, *_ = search_thresholds(
        np.zeros((4, 2)), np.zeros((2, 4), int), 2, [0, 1], ADAM, largest=100, arity=arity
    )
    assert (found.fitted, found.failed, found.steps) == (true, true - 1, 10)


def test_resolution_ends_the_search_early(monkeypatch):
    monkeypatch.setattr(threshold, "train", fake_train(lambda width: width >= 700))
    (found,) = search_thresholds(
        np.zeros((4, 2)), np.zeros((1, 4), int), 2, [0], ADAM, largest=1024, resolution=0.1
    )
    assert found.failed < 700 <= found.fitted <= found.failed / 0.9
    assert len(found.tried) < 20


def test_thresholds_that_are_not_reached_are_missing(monkeypatch):
    monkeypatch.setattr(threshold, "train", fake_train(lambda width: False))
    X, y = np.random.default_rng(0).normal(size=(20, 2)), np.arange(20) % 2
    (row,) = threshold_rows(prepare_samples(X, y, norm=1.0), "true", [5], ADAM, largest=12)
    assert np.isnan(row["threshold_width"]) and np.isnan(row["n_parameters"])
    assert (row["failed_width"], row["steps"], row["seed"]) == (12, 150, 5)


def test_rule_where_width_is_not_monotone():
    search = Search()
    for width, fitted in [(1, False), (2, True), (4, False), (8, True)]:
        search.record(width, fitted, 7)
    assert (search.fitted, search.failed) == (2, 1)
    assert search.next_widths(4, 0.0) == []


def interval():
    """A class inside an interval and one outside: one unit cannot, two can."""
    x = np.concatenate([np.linspace(-3, -1.5, 20), np.linspace(-0.8, 0.8, 20)])
    X = np.concatenate([x, np.linspace(1.5, 3, 20)])[:, None]
    return prepare_samples(X, (np.abs(X[:, 0]) < 1).astype(int), norm=1.0)


def test_an_interval_needs_two_units():
    rows = pd.DataFrame(threshold_rows(interval(), "true", range(6), ADAM, largest=32))
    assert rows["threshold_width"].min() == 2
    assert rows["failed_width"].min() == 1
    assert (
        rows["n_parameters"] == [n_parameters(int(w), 1, 2) for w in rows.threshold_width]
    ).all()


def test_random_labels_need_more():
    true, drawn = (
        pd.DataFrame(threshold_rows(interval(), labels, range(3), ADAM, largest=32))
        for labels in ("true", "random")
    )
    needed = drawn["threshold_width"].fillna(33)
    assert needed.median() > true["threshold_width"].median()


def test_refuses():
    with pytest.raises(UserError, match="labels: is 'own'"):
        threshold_rows(interval(), "own", [0], ADAM, largest=4)
    with pytest.raises(UserError, match="largest: is 0"):
        threshold_rows(interval(), "true", [0], ADAM, largest=0)


def small():
    rng = np.random.default_rng(8)
    X, y = rng.normal(size=(90, 4)), rng.integers(2, size=90)
    return prepare_samples(X[:40], y[:40], X[40:], y[40:], norm=2.0)


def test_rows_of_trained_networks(tmp_path):
    settings = Settings(optimiser="adam", step_size=0.02, epochs=60, batch_size=20)
    widths, noise, seeds = [2, 4, 8, 30], [0.0, 0.2], [3, 4]
    fresh, reused = (
        pd.DataFrame(
            network_rows(small(), widths, noise, seeds, settings, reuse=reuse, folder=tmp_path)
        )
        for reuse in (False, True)
    )
    for rows in (fresh, reused):
        assert len(rows) == 16
        assert rows.groupby("width")["n_parameters"].first().tolist() == [
            n_parameters(w, 4, 2) for w in widths
        ]
        means = rows.groupby("width")["train_loss"].mean()
        assert means[30] < 0.5 * means[2]
    # Of 80 = n K: widths 2, 4 and 8 lie below, where only the narrowest is the same; 30 above.
    for width, same in ((2, True), (4, False), (8, False), (30, True)):
        mine, its = (rows[rows["width"] == width]["train_loss"] for rows in (fresh, reused))
        assert np.allclose(mine, its, rtol=1e-4) == same
    # Three stacks below with reuse, one without, and one above that both share.
    assert len(list(tmp_path.iterdir())) == 5


def test_reused_weights_never_fit_worse():
    # Below the threshold, by far: new units start from small weights and add to what is there.
    settings = Settings(step_size=0.003, epochs=200, batch_size=40, momentum=0.9)
    rows = pd.DataFrame(network_rows(small(), [1, 2, 4, 8], [0.0], range(3), settings, reuse=True))
    losses = rows.pivot(index="seed", columns="width", values="train_loss").to_numpy()
    assert (np.diff(losses, axis=1) < 0.01).all()
