import numpy as np
import pytest

from memrob.errors import UserError
from memrob.lipschitz import bracket as module
from memrob.lipschitz.bracket import bracket
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.random_networks import random_network

PS = [1.0, 1.5, 2.0, np.inf]


@pytest.mark.parametrize(("input_dim", "depth", "bias"), [(2, 2, "laplace"), (3, 1, "zero")])
def test_bounds_enclose_the_exact_value(input_dim, depth, bias):
    network = random_network(input_dim, 10, depth, bias=bias, seed=3)
    found = bracket(network, PS)
    assert list(found) == PS
    for p, known in found.items():
        assert (known.p, known.conjugate_p) == (p, conjugate(p))
        assert 0 < known.lower <= known.exact <= known.upper <= min(known.upper_bounds.values())
        slope = norm(network.gradients(known.point[None])[0], conjugate(p))
        assert slope == pytest.approx(known.lower, rel=1e-13)
    exact = bracket(network, PS, method="exact")
    assert [exact[p].exact for p in PS] == [found[p].exact for p in PS]


def test_methods_agree_with_all():
    network = random_network(6, 40, 2, bias="gaussian", seed=2)
    found = bracket(network, PS, seed=5)
    lower = bracket(network, PS, method="lower", seed=5)
    upper = bracket(network, PS, method="upper")
    for p in PS:
        assert (lower[p].lower, upper[p].upper) == (found[p].lower, found[p].upper)
        assert (lower[p].upper, upper[p].lower, found[p].exact) == (None, None, None)


def test_bounds_on_cubes_grow_to_that_everywhere():
    network = random_network(3, 20, 2, bias="gaussian", seed=1)
    everywhere = bracket(network, PS, method="upper")
    cubes = [bracket(network, PS, method="upper", box=r) for r in (1e-6, 1e-2, 1.0, 1e6)]
    slope = norm(network.gradients(np.zeros((1, 3)))[0], 2)
    assert cubes[0][2.0].upper == pytest.approx(slope, rel=1e-2)
    for p in PS:
        bounds = [found[p].upper for found in cubes]
        assert bounds == sorted(bounds)
        assert bounds[-1] <= everywhere[p].upper


def test_value_that_rounding_leaves_open_is_not_called_exact(monkeypatch):
    network = random_network(2, 5, 1, bias="gaussian", seed=1)
    found = module.exact_lipschitz(network, [2.0])
    found.doubtful[2.0] = 9.0
    monkeypatch.setattr(module, "exact_lipschitz", lambda *_: found)
    assert bracket(network, [2.0])[2.0].exact is None
    with pytest.raises(UserError, match="exact: a region thinner than rounding"):
        bracket(network, [2.0], method="exact")


def test_mistakes():
    network = random_network(2, 5, 1)
    for options, message in (
        ({"ps": [0.5]}, "p: is 0.5"),
        ({"ps": [2], "method": "guess"}, "method: is 'guess'; it must be one of lower, upper"),
        ({"ps": [2], "box": 1.0}, "box: is for method upper alone"),
    ):
        with pytest.raises(UserError, match=message):
            bracket(network, **options)
