import numpy as np
import pandas as pd
import pytest

from memrob.errors import UserError
from memrob.studies.lipschitz.cells import exponents, line, summarise


def trials():
    rows = [
        (8, 64, 1, "zero", p, restart, value * (1 + restart))
        for p, value in ((1.0, 2.0), (np.inf, 6.0))
        for restart in range(2)
    ]
    rows += [(4, 32, 1, "zero", 1.0, 0, 5.0)]
    columns = ["input_dim", "width", "depth", "bias", "p", "restart", "lower"]
    return pd.DataFrame(rows, columns=columns).assign(exact=[3.0, np.nan, np.nan, np.nan, 1.0])


def test_networks_of_a_cell_are_averaged():
    cells = summarise(trials())
    assert cells[["input_dim", "p", "networks"]].to_numpy().tolist() == [
        [4, 1, 1],
        [8, 1, 2],
        [8, np.inf, 2],
    ]
    assert cells["lower_mean"].tolist() == [5, 3, 9]
    np.testing.assert_allclose(cells["lower_sd"], [np.nan, np.sqrt(2), np.sqrt(18)])
    np.testing.assert_allclose(cells["exact_mean"], [1, 3, np.nan])
    assert "upper_mean" not in cells


def test_a_line_has_the_networks_at_each_place():
    found = line(trials(), 1.0, "lower", "input_dim")
    assert found.x.tolist() == [4, 8]
    assert [values.tolist() for values in found.samples] == [[5], [2, 4]]
    assert found.means.tolist() == [5, 3] and found.networks.tolist() == [1, 2]
    assert line(trials(), 1.0, "exact", "input_dim").networks.tolist() == [1, 1]
    assert line(trials(), np.inf, "exact", "input_dim") is None
    assert line(trials(), 2.0, "lower", "input_dim") is None
    assert line(trials(), 1.0, "upper", "input_dim") is None
    assert exponents(trials()) == [1.0, np.inf]


def test_several_cells_at_one_place_are_a_mistake():
    both = pd.concat([trials(), trials().assign(bias="cauchy", depth=2)])
    with pytest.raises(UserError, match="depth and bias"):
        line(both, 1.0, "lower", "input_dim")
