"""Claims about second widths, on cells made up so that they hold or fail."""

import numpy as np
import pandas as pd
import pytest
from published_cells import ext_iter, grown, published_cells, verdict


def certain_from(n, width_of):
    """Slices at five maximal biases that are certain to interpolate from n on."""
    first_widths = np.arange(50, 1001, 50)
    grid = pd.MultiIndex.from_product([first_widths, [0.5, 1, 1.5, 2, 2.5]])
    cells = grid.to_frame(index=False, name=["first_width", "max_bias"])
    widths = width_of(cells["first_width"].to_numpy(float))
    certain = (cells["first_width"] >= n).astype(float)
    return cells.assign(
        dataset="moons",
        n_samples=1000,
        trials=20,
        interpolated=certain,
        second_width_mean=widths,
        second_width_sd=0.01 * widths,
        fit_seconds_mean=1.0,
    )


def test_second_widths_where_interpolation_is_certain():
    flat = certain_from(300, lambda n: 10 + 90 * np.exp(-((n - 150) ** 2) / 5000))
    for wording in ("attains its minimum", "nearly constant", "far below N"):
        assert verdict("moons", flat, wording) is True
    falling = certain_from(300, lambda n: 9e4 / n)
    assert verdict("moons", falling, "nearly constant") is False
    assert verdict("moons", falling, "far below N") is False
    dip = certain_from(600, lambda n: 20 + 0.05 * np.abs(n - 450))
    assert verdict("moons", dip, "attains its minimum") is False
    nowhere = certain_from(2000, lambda n: 1e4 / n)
    for wording in ("attains its minimum", "nearly constant", "far below N"):
        assert verdict("moons", nowhere, wording) is None


def test_saturation_and_linear_growth():
    cells = published_cells("mnist_1v8_size")
    assert verdict("mnist_1v9_size", grown(cells, 0.05), "saturates") is True
    assert verdict("mnist_1v9_size", grown(cells, 0.5), "saturates") is False
    assert verdict("mnist_1v9_size", cells.assign(trials=1), "saturates") is None
    assert verdict("mnist_1v8_size", grown(cells, 1.0), "essentially linearly") is True
    assert verdict("mnist_1v8_size", grown(cells, 0.5), "essentially linearly") is False


def test_second_widths_that_go_on_falling():
    cells = published_cells("mnist_ext_bias")
    assert verdict("mnist_ext_bias", cells, "goes on falling") is True
    assert verdict("mnist_ext_bias", cells.assign(trials=1), "goes on falling") is True
    level = cells.assign(second_width_mean=9000.0)
    assert verdict("mnist_ext_bias", level, "goes on falling") is False
    assert verdict("mnist_ext_bias", level.assign(trials=1), "goes on falling") is None
    growing = cells.assign(second_width_mean=9000.0 + cells["first_width"])
    assert verdict("mnist_ext_bias", growing.assign(trials=1), "goes on falling") is False
    narrow = cells[cells["first_width"] < 2000]
    assert verdict("mnist_ext_bias", narrow, "goes on falling") is None


def test_best_maximal_bias_at_ten_thousand():
    wording = "gives a smaller second width than"
    assert verdict("mnist_ext_iter", ext_iter(best=0.5), wording) is True
    assert verdict("mnist_ext_iter", ext_iter(best=0.0), wording) is False
    assert verdict("mnist_ext_iter", ext_iter(best=0.25), wording) is None
    quarter = ext_iter(best=0.25, spread=1.0).assign(n_samples=60_000)
    assert verdict("cifar10_ext_iter", quarter, "is about 0.25") is True
    one = ext_iter(best=1.0).assign(n_samples=60_000)
    assert verdict("cifar10_ext_iter", one, "is about 0.25") is False


def test_own_neurons_of_two_lines():
    cell = certain_from(50, lambda n: 10 + 0 * n).iloc[:1]
    cell = cell.assign(n_samples=20, first_width=2000, max_bias=1.0, dataset="lines")
    assert verdict("lines", cell, "own neuron") is True
    assert verdict("lines", cell.assign(second_width_mean=9.9), "own neuron") is False
    assert verdict("lines", cell.assign(first_width=200), "own neuron") is None


@pytest.mark.parametrize("experiment", ["mnist_1v8_size", "mnist_1v9_size"])
def test_linear_growth_is_not_sublinear(experiment):
    cells = published_cells("mnist_1v8_size")
    assert verdict(experiment, grown(cells, 1.0), "sublinearly") is False
    assert verdict(experiment, grown(cells, 1.2), "sublinearly") is False
    assert verdict(experiment, grown(cells, 0.9), "sublinearly") is True
    assert verdict(experiment, cells[cells["n_samples"] < 3000], "sublinearly") is None
    assert verdict(experiment, cells.assign(interpolated=0.96), "Every trial") is False


def test_narrowest_second_layer_of_mnist_at_ten_thousand():
    assert verdict("mnist_ext_iter", ext_iter(best=0.5), "narrowest second") is True
    assert verdict("mnist_ext_iter", ext_iter(best=1.5), "narrowest second") is False
    assert verdict("mnist_ext_iter", ext_iter(best=0.9, spread=500), "narrowest second") is None
    assert verdict("mnist_ext_iter", ext_iter(best=0.5, trials=1), "narrowest second") is None
    coarse = ext_iter(best=0.5).iloc[[0, 4, 10]]
    assert verdict("mnist_ext_iter", coarse, "narrowest second") is None


def test_best_bias_moving_with_the_first_width():
    cells = published_cells("mnist_ext_bias")
    swapped = cells.assign(max_bias=cells["max_bias"].map({0.0: 1.0, 1.0: 0.0, 2.5: 2.5}))
    assert verdict("mnist_ext_bias", swapped, "narrower") is False
    assert verdict("mnist_ext_bias", cells[cells["first_width"] < 5000], "narrower") is None


def test_half_of_the_points_of_cifar10():
    cells = ext_iter(best=0.5).assign(n_samples=60_000)
    assert verdict("cifar10_ext_iter", cells, "from N/2 on") is False
    many = cells.assign(second_width_mean=40_000.0)
    assert verdict("cifar10_ext_bias", many, "from N/2 on") is True
    few_hyperplanes = many.assign(first_width=1000)
    assert verdict("cifar10_ext_bias", few_hyperplanes, "from N/2 on") is None
