"""Modules of torch that compute something else than their kinds say are refused."""

import types

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import fx, nn  # noqa: E402

from memrob.errors import UserError  # noqa: E402
from memrob.lipschitz.readers.torch_module import from_torch  # noqa: E402


def small():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 1))


class Holder(nn.Module):
    """A module of the user's own with a network in it."""

    def __init__(self):
        super().__init__()
        self.net = small()

    def forward(self, x):
        return self.net(x)


class Tenfold(nn.Linear):
    """A kind that torch.fx takes for one of torch's, with another forward."""

    __module__ = "torch.nn.modules.own"

    def forward(self, x):
        return 10 * super().forward(x)


@fx.wrap
def relu(x):
    return 10 * torch.relu(x)


class Wrapped(Holder):
    def forward(self, x):
        return self.net[2](relu(self.net[0](x)))


class Hidden(Holder):
    """Tracing sees another branch than points do."""

    def forward(self, x):
        return self.net(x) if isinstance(x, fx.Proxy) else 10 * self.net(x)


def refused(module):
    with pytest.raises(UserError) as error:
        from_torch(module)
    text = str(error.value)
    assert "\n" not in text
    assert text.startswith(f"{type(module).__name__}: ")
    return text


@pytest.mark.parametrize("make", [small, Holder, lambda: nn.Linear(3, 1)])
@pytest.mark.parametrize("when", ["before", "after"])
def test_hooks_of_the_whole_module(make, when):
    module = make()
    if when == "before":
        module.register_forward_pre_hook(lambda module, given: (10 * given[0],))
    else:
        module.register_forward_hook(lambda module, given, found: 10 * found)
    assert "has a hook, which may change what it computes; remove it" in refused(module)


@pytest.mark.parametrize("place", ["", "0", "1"])
def test_a_forward_put_in_place_of_a_known_one(place):
    module = small()
    part = module.get_submodule(place)
    part.forward = types.MethodType(lambda self, x: 10 * type(self).forward(self, x), part)
    assert "has a forward of its own; it must be that of " in refused(module)


def test_a_kind_of_torch_with_another_forward():
    text = refused(nn.Sequential(Tenfold(3, 1)))
    assert "Tenfold 0 has a forward of its own; it must be that of Linear" in text


@pytest.mark.parametrize("kind", ["forward_hook", "forward_pre_hook"])
def test_hooks_for_all_modules(kind):
    register = getattr(nn.modules.module, f"register_module_{kind}")
    handle = register(lambda module, *given: None)
    try:
        assert "torch has a hook for all modules" in refused(small())
    finally:
        handle.remove()
    from_torch(small())


def test_functions_with_the_name_of_a_known_one():
    assert "relu (relu) is neither affine nor an activation that is known" in refused(Wrapped())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_torchscript_is_named():
    traced = torch.jit.trace(small(), torch.zeros(1, 3))
    assert "is TorchScript; give the module that it was made of" in refused(traced)


def test_points_show_what_tracing_does_not():
    assert "computes something else than its layers one after the other" in refused(Hidden())


def test_hooks_inside_are_followed():
    module = Holder()
    module.net.register_forward_hook(lambda module, given, found: 10 * found)
    X = torch.randn(4, 3)
    found = from_torch(module).outputs(X.double().numpy())
    np.testing.assert_allclose(found, module(X).detach().numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_weights_are_computed_anew_from_what_they_come_from():
    module = small()
    nn.utils.weight_norm(module[0])
    module[0].weight_g.data *= 3
    found = from_torch(module)
    X = torch.randn(4, 3)
    expected = module(X).detach().numpy()
    np.testing.assert_allclose(found.outputs(X.double().numpy()), expected, rtol=1e-4, atol=1e-5)
