"""Modules of torch: the same function as torch computes, and modules that are refused."""

import operator

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402

from memrob.errors import UserError  # noqa: E402
from memrob.lipschitz.readers.torch_module import from_torch, torch_chain  # noqa: E402


class Stacked(nn.Module):
    """A ModuleList and functions, with a shape that is asked for."""

    def __init__(self):
        super().__init__()
        self.convolutions = nn.ModuleList([nn.Conv2d(2, 4, 3), nn.Conv2d(4, 4, 2, groups=2)])
        self.head = nn.Linear(4 * 4 * 3, 3)
        self.register_buffer("mean", torch.rand(1, 2, 1, 1))

    def forward(self, x):
        x = (x - self.mean) / 0.3
        for convolution in self.convolutions:
            x = torch.relu(convolution(x))
        x = functional.leaky_relu(x.view(x.size(0), -1), 0.2)
        return self.head(functional.dropout(x, training=False)) * 2.0 + 1.0


class Flattened(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.norm, self.last = nn.Linear(6, 5), nn.BatchNorm1d(5), nn.Linear(5, 2)

    def forward(self, x):
        return self.last(torch.tanh(self.norm(self.first(torch.flatten(x, 1)))))


def sequential(*modules):
    return nn.Sequential(*modules)


class Applied(nn.Module):
    """Two layers and a function of them and the input."""

    def __init__(self, function):
        super().__init__()
        self.function = function
        self.first, self.last = nn.Linear(4, 5), nn.Linear(5, 4)
        self.register_buffer("offset", torch.rand(4) + 0.5)

    def forward(self, x):
        return self.function(self, x)


def applied(function):
    return lambda: Applied(function), (4,)


MODULES = {
    "one module": (lambda: nn.Linear(5, 3), None),
    "one convolution": (lambda: nn.Conv2d(2, 3, 2), (2, 4, 3)),
    "multiple of a constant": applied(lambda s, x: s.first(torch.add(x, s.offset, alpha=3))),
    "less a multiple": applied(lambda s, x: s.first(x.sub(s.offset, alpha=-2))),
    "multiple of what is computed": applied(lambda s, x: s.first(torch.sub(s.offset, x, alpha=3))),
    "named operand": applied(lambda s, x: s.first(torch.mul(x, other=s.offset).div(other=0.3))),
    "in place": applied(lambda s, x: s.first(operator.iadd(-x, s.offset))),
    "sizes of the input": applied(lambda s, x: s.first(x).relu() / x.shape[-1] * x.size(dim=1)),
    "sizes between": applied(lambda s, x: s.last(h := s.first(x).relu()) * h.shape[1] ** -0.5),
    "several axes": applied(lambda s, x: s.first(x.view(-1, 4, 1, 1).squeeze((2, 3)))),
    "named shape": applied(lambda s, x: s.first(torch.reshape(input=x, shape=(x.size(0), 4)))),
    "mode": applied(lambda s, x: s.first(functional.dropout(x, training=s.training))),
    "linear": (lambda: sequential(nn.Linear(5, 7), nn.ReLU(), nn.Linear(7, 2)), None),
    "without bias": (lambda: sequential(nn.Linear(5, 4, bias=False), nn.Sigmoid()), None),
    "nested": (
        lambda: sequential(
            sequential(nn.Linear(5, 7), nn.LeakyReLU(0.1), nn.Dropout()),
            sequential(nn.Identity(), nn.Linear(7, 3), nn.Tanh()),
        ),
        None,
    ),
    "convolutions": (
        lambda: sequential(
            nn.Conv2d(2, 4, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2)),
            nn.BatchNorm2d(4),
            nn.PReLU(),
            nn.Conv2d(4, 6, 3, padding="same", groups=2),
            nn.AvgPool2d(2, padding=1, count_include_pad=False),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(6, 3),
        ),
        (2, 7, 6),
    ),
    "signal": (
        lambda: sequential(nn.Conv1d(2, 3, 4, stride=2), nn.ReLU(), nn.AvgPool1d(2)),
        (2, 11),
    ),
    "forward": (Stacked, (2, 7, 6)),
    "flatten": (Flattened, (2, 3)),
}


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_same_function_as_torch(name, dtype):
    make, shape = MODULES[name]
    torch.manual_seed(1)
    module = make().to(dtype)
    for part in module.modules():
        if hasattr(part, "running_mean"):
            part.running_mean.normal_()
            part.running_var.uniform_(0.5, 2)
    module.eval()
    network = from_torch(module, shape)
    X = torch.randn(6, *(shape or (network.input_dim,)), dtype=dtype)
    expected = module(X).detach().double().numpy().reshape(6, -1)
    flat = X.double().numpy().reshape(6, -1)
    tolerance = 1e-12 if dtype == torch.float64 else 3e-6
    np.testing.assert_allclose(network.outputs(flat), expected, rtol=tolerance, atol=tolerance)
    dense = network.relu_network()
    if dense is not None:
        found = dense.outputs(flat)
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)
    unmerged = from_torch(module, shape, most_numbers=1)
    np.testing.assert_allclose(unmerged.outputs(flat), network.outputs(flat), rtol=1e-9, atol=1e-9)


def test_single_precision_is_kept_exactly():
    module = sequential(nn.Linear(3, 4), nn.LeakyReLU(0.3), nn.Linear(4, 1))
    network = from_torch(module)
    first, last = (module[i].weight.detach().double().numpy() for i in (0, 2))
    np.testing.assert_array_equal(network.operators[0].dense(), first)
    dense = network.relu_network()
    # 24 bits times 24 bits are 48 bits.
    slope = np.float64(np.float32(0.3))
    assert [slope.as_integer_ratio()[0] * int(w * 2**60) for w in last[0]] == [
        -int(w * 2**60 * slope.as_integer_ratio()[1]) for w in dense.weights[1][0, 4:]
    ]
    assert torch_chain(module).assumptions == ("evaluation mode",)


def hooked(module):
    module.register_forward_hook(lambda module, inputs, output: 2 * output)
    return module


@pytest.mark.parametrize("shape", [4, "four", (4.5,), [None]])
def test_shapes_of_inputs_that_are_none(shape):
    with pytest.raises(UserError, match=r"^input_shape: is .*; it must be the sizes of one input"):
        from_torch(sequential(nn.Linear(4, 2)), shape)


def test_a_module_in_training_mode_is_read_in_evaluation_mode():
    module = Applied(lambda s, x: s.first(functional.dropout(x, training=s.training)))
    module.last.eval()
    X = torch.randn(3, 4)
    found = from_torch(module).outputs(X.double().numpy())
    assert (module.training, module.first.training, module.last.training) == (True, True, False)
    np.testing.assert_allclose(found, module.eval()(X).detach().numpy(), rtol=1e-5, atol=1e-6)


def test_weights_that_a_hook_computes():
    parts = (nn.utils.parametrizations.weight_norm(nn.Linear(3, 4)), nn.ReLU(), nn.Linear(4, 1))
    module, X = sequential(*parts).double(), torch.randn(5, 3).double()
    found = from_torch(module).outputs(X.numpy())
    np.testing.assert_allclose(found, module(X).detach().numpy(), rtol=1e-12)


class Branching(nn.Module):
    def forward(self, x):
        return torch.relu(x) if x.sum() > 0 else x


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 3)

    def forward(self, x):
        return x + self.layer(x)


@pytest.mark.parametrize(
    ("module", "shape", "message"),
    [
        (sequential(nn.Conv2d(1, 1, 2)), None, "give input_shape, such as (3, 32, 32)"),
        (sequential(nn.Linear(3, 2), nn.GELU()), None, "GELU 1 is neither affine nor an activat"),
        (sequential(nn.Conv2d(1, 1, 2), nn.MaxPool2d(2)), (1, 5, 5), "MaxPool2d 1 is neither"),
        (Residual(), None, "joins or splits computed values"),
        (Branching(), (3,), "torch.fx cannot trace its forward"),
        (sequential(nn.Linear(3, 2), nn.Linear(3, 1)), None, "Linear 1 takes 3 numbers"),
        (sequential(nn.ReLU()), (3,), "holds no layer with weights"),
        (Applied(lambda s, x: s.first(functional.dropout(x))), None, "in evaluation mode too"),
        (Applied(lambda s, x: torch.div(x, 2, rounding_mode="floor")), (4,), "rounds"),
        (Applied(lambda s, x: s.first(x + x)), None, "joins or splits computed values"),
        (Applied(lambda s, x: s.first(x.add(1, out=None))), None, "are not known: out"),
        (sequential(nn.Linear(3, 2, device="meta")), None, "0.weight has a shape but no numbers"),
        (sequential(nn.LazyLinear(3)), (4,), "0.weight has no shape yet"),
        (sequential(nn.Linear(3, 2, dtype=torch.cfloat)), None, "0.weight must be a dense tensor"),
        (sequential(hooked(nn.Linear(3, 2))), None, "Linear 0 has a hook"),
        ([nn.Linear(3, 2)], None, "is no torch.nn.Module"),
        (sequential(nn.Conv2d(1, 1, 3, padding=1, padding_mode="circular")), (1, 4, 4), "zeros"),
    ],
)
def test_other_modules_are_refused_in_one_line(module, shape, message):
    with pytest.raises(UserError) as error:
        from_torch(module, shape)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(type(module).__name__)
