"""Networks from saved state dicts of torch, and those that are refused."""

import json
import pickle

import numpy as np
import pytest
from network_files import assert_same, network_of, refusal, small_arrays
from safetensors.numpy import save_file

from memrob.lipschitz.files import load_network, read_network


@pytest.fixture
def arrays():
    return small_arrays()


@pytest.fixture
def state_dict(tmp_path):
    """Function that saves arrays as safetensors and gives the path of the file."""

    def save(arrays):
        path = tmp_path / "network.safetensors"
        save_file({k: np.ascontiguousarray(a) for k, a in arrays.items()}, path)
        return path

    return save


def sequential(arrays, prefix=""):
    names = {"W": "weight", "b": "bias"}
    return {f"{prefix}{2 * int(k[1:])}.{names[k[0]]}": a for k, a in arrays.items()}


@pytest.mark.parametrize("prefix", ["", "net.", "model.layers."])
def test_state_dict(prefix, state_dict, arrays):
    assert_same(load_network(state_dict(sequential(arrays, prefix))), network_of(arrays))


def test_state_dict_after_flatten_and_without_biases(state_dict, arrays):
    weights = {"1.weight": arrays["W0"], "3.weight": arrays["W1"], "5.weight": arrays["W2"]}
    expected = network_of({k: a * (k[0] == "W") for k, a in arrays.items()})
    assert_same(load_network(state_dict(weights)), expected)


def test_layers_are_in_the_order_of_numbers(state_dict):
    # As texts, "10" comes before "2".
    weights = {f"{2 * i}.weight": np.ones((i + 2, i + 1)) for i in range(7)}
    assert load_network(state_dict(weights), output=0).widths == (2, 3, 4, 5, 6, 7)


@pytest.mark.parametrize(
    "names",
    [
        ("fc1", "fc2", "fc3"),
        ("layers.0", "layers.1", "layers.2"),
        ("module.layers.8", "module.layers.9", "module.layers.10"),
        ("_orig_mod.net.0", "_orig_mod.net.3", "_orig_mod.net.6"),
        ("input", "hidden", "output"),
        ("features.0", "features.2", "classifier"),
        ("2", "4", "6"),
    ],
)
def test_names_whose_shapes_chain(names, state_dict, arrays):
    kinds = {"W": "weight", "b": "bias"}
    path = state_dict({f"{names[int(k[1:])]}.{kinds[k[0]]}": a for k, a in arrays.items()})
    assert_same(load_network(path), network_of(arrays))
    notes = " ".join(read_network(path).assumptions)
    assert "no activation after the last layer" in notes
    assert "ReLU after every layer but the last" in notes
    stripped = [name.removeprefix("module.").removeprefix("_orig_mod.") for name in names]
    assert f"layers in the order {', '.join(stripped)}" in notes


def test_order_of_square_layers_that_names_do_not_tell(state_dict):
    shapes = {"a": (3, 3), "b": (3, 3), "last": (1, 3)}
    path = state_dict({f"{name}.weight": np.ones(shape) for name, shape in shapes.items()})
    assert "the order of its layers is not certain, a, b, last or b, a, last" in refusal(path)
    shapes = {letter: (3, 3) for letter in "abcdefghijklmnop"} | {"z": (1, 4)}
    path = state_dict({f"{name}.weight": np.ones(shape) for name, shape in shapes.items()})
    assert "the order of its layers is not certain, many are possible" in refusal(path)
    path = state_dict({"a.weight": np.ones((3, 2)), "b.weight": np.ones((1, 4))})
    assert "its layers chain in no order: a.weight (3, 2), b.weight (1, 4)" in refusal(path)


@pytest.mark.parametrize("names", [("0", "1", "3"), ("fc1", "bn1", "fc2"), ("0", "2", "3")])
def test_batch_normalisation(names, state_dict, tmp_path):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    nn = torch.nn
    first, last = nn.Linear(4, 6).double(), nn.Linear(6, 1).double()
    norm = nn.BatchNorm1d(6).double()
    norm.running_mean.normal_()
    norm.running_var.uniform_(0.5, 2)
    torch.nn.init.normal_(norm.weight)
    late = names[1] == "2"
    parts = [first, nn.ReLU(), norm, last] if late else [first, norm, nn.ReLU(), last]
    model = nn.Sequential(*parts).eval()
    modules = dict(zip(names, (first, norm, last), strict=True))
    path = state_dict(
        {f"{name}.{k}": v.numpy() for name, m in modules.items() for k, v in m.state_dict().items()}
    )
    X = torch.randn(20, 4, dtype=torch.float64)
    np.testing.assert_allclose(
        load_network(path)(X.numpy()), model(X).detach().numpy()[:, 0], rtol=1e-12, atol=1e-13
    )
    notes = " ".join(read_network(path).assumptions)
    assert "epsilon 1e-05" in notes
    assert "multiplied out in float64" in notes


@pytest.mark.parametrize("form", ["plain", "legacy", "checkpoint"])
def test_torch_save(form, tmp_path, arrays):
    torch = pytest.importorskip("torch")
    path = tmp_path / "model.pt"
    tensors = {k: torch.from_numpy(a) for k, a in sequential(arrays).items()}
    if form == "legacy":
        torch.save(tensors, path, _use_new_zipfile_serialization=False)
    else:
        torch.save({"epoch": 3, "state_dict": tensors} if form == "checkpoint" else tensors, path)
    assert_same(load_network(path), network_of(arrays))
    path.write_bytes(path.read_bytes()[:-200])
    assert "damaged" in refusal(path)


def test_checkpoints_with_several_state_dicts(tmp_path, arrays):
    torch = pytest.importorskip("torch")
    path = tmp_path / "model.pt"
    tensors = {k: torch.from_numpy(a) for k, a in sequential(arrays).items()}
    other = {key: 2 * tensor for key, tensor in tensors.items()}
    for content, names in (
        ({"model": tensors, "state_dict": other}, "'model', 'state_dict'"),
        ({"model": tensors, "ema": {"net": other}}, "'model', 'ema'"),
        ({"model": {"net": tensors, "ema": other}}, "'net', 'ema'"),
    ):
        torch.save(content, path)
        assert f"holds several state dicts, {names}; save one of them alone" in refusal(path)
    torch.save({"model": {"width": 5}, "state_dict": tensors, "optimizer": {"state": {}}}, path)
    assert_same(load_network(path), network_of(arrays))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_torchscript_is_named(tmp_path):
    torch = pytest.importorskip("torch")
    path = tmp_path / "model.pt"
    torch.jit.trace(torch.nn.Linear(2, 1), torch.zeros(1, 2)).save(path)
    assert refusal(path) == f"{path}: is a TorchScript archive; save model.state_dict() instead"


def test_pickled_module_is_not_executed(tmp_path):
    torch = pytest.importorskip("torch")
    path = tmp_path / "model.pt"
    torch.save(torch.nn.Linear(2, 1), path)
    assert "holds Python objects, which are not loaded; save model.state_dict()" in refusal(path)
    path.write_bytes(pickle.dumps({"a": sum}))
    assert str(path) in refusal(path)
    torch.save([1, 2], path)
    assert "holds no state dict" in refusal(path)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (["0.weight", "1.weight"], "between 0 and 1 there must be an activation, found no room"),
        (["m.0.weight", "m.1.weight", "m.3.weight"], "between m.0 and m.1 there must be an act"),
        (["0.weight", "0.weight_g"], "'0.weight_g' is no array of a linear layer or batch norm"),
        (["0.weight", "0.running_mean"], "0 has no running_var beside its running_mean"),
        (["a.weight", "b.weight"], "the order of its layers is not certain, a, b or b, a; number"),
        (["running_mean", "running_var"], "holds no linear layer, must hold 0.weight, 2.weight"),
        (["0.weight", "2.bias"], "2.bias has no 2.weight beside it"),
        (["fc.weight", "module.fc.weight"], "fc.weight and module.fc.weight are of one layer"),
        (["_orig_mod.weight", "weight"], "_orig_mod.weight and weight are of one layer"),
        ([], "holds no arrays, must hold 0.weight, 0.bias, 2.weight, ..."),
    ],
)
def test_state_dict_of_other_modules_is_refused(keys, message, state_dict):
    path = state_dict({key: np.ones((1, 1)) for key in keys})
    assert refusal(path).startswith(f"{path}: {message}")


def test_arrays_of_a_normalisation_that_differ_in_length(state_dict):
    arrays = {
        "0.weight": np.ones((4, 3)),
        "1.running_mean": np.ones(4),
        "3.weight": np.ones((1, 4)),
    }
    path = state_dict(arrays | {"1.running_var": np.ones(4), "1.weight": np.ones(3)})
    message = "1 has a mean, variance, weight and bias of 4, 4, 3, 4 numbers, found shape (1, 4)"
    assert refusal(path) == f"{path}: {message}"


@pytest.mark.parametrize(
    ("key", "shape", "message"),
    [
        (
            "0.weight",
            (6, 3, 2),
            "0.weight must be a matrix, found shape (6, 3, 2); a state dict does not",
        ),
        ("2.weight", (6,), "2.weight must have shape (N, d) with N, d >= 1, found (6,)"),
        (
            "2.bias",
            (4,),
            "2.bias must have shape (5,), one number for each row of 2.weight, found (4,)",
        ),
        ("4.weight", (10, 5), "4.bias must have shape (10,)"),
    ],
)
def test_shapes_in_a_state_dict(key, shape, message, state_dict, arrays):
    path = state_dict(sequential(arrays) | {key: np.ones(shape)})
    assert refusal(path).startswith(f"{path}: {message}")


@pytest.mark.parametrize("kept", [5, 8, 9, 100, -1])
def test_truncated_safetensors(kept, state_dict, arrays):
    path = state_dict(sequential(arrays))
    path.write_bytes(path.read_bytes()[:kept])
    assert ("truncated" if kept < 9 else "found a damaged one") in refusal(path)


def raw_safetensors(path, dtype, shape, data):
    header = json.dumps({"0.weight": {"dtype": dtype, "shape": shape, "data_offsets": [0, 4]}})
    path.write_bytes(len(header).to_bytes(8, "little") + header.encode() + data)
    return path


def test_bfloat16(tmp_path):
    # 1.5 is 0x3fc0, -2.0 is 0xc000.
    path = raw_safetensors(tmp_path / "network", "BF16", [1, 2], b"\xc0\x3f\x00\xc0")
    np.testing.assert_array_equal(load_network(path).weights[0], [[1.5, -2.0]])


def test_type_that_is_not_read(tmp_path):
    path = raw_safetensors(tmp_path / "network", "F8_E4M3", [1, 4], b"\x00" * 4)
    assert refusal(path).startswith(f"{path}: 0.weight has type F8_E4M3, must be F64, F32, F16 or")


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_network_of_torch(dtype, tmp_path):
    torch = pytest.importorskip("torch")
    save = pytest.importorskip("safetensors.torch").save_file

    torch.manual_seed(3)
    nn = torch.nn
    model = nn.Sequential(nn.Linear(4, 9), nn.ReLU(), nn.Linear(9, 8), nn.ReLU(), nn.Linear(8, 3))
    model.to(getattr(torch, dtype))
    save(model.state_dict(), tmp_path / "model.safetensors")
    network = load_network(tmp_path / "model.safetensors", output=2)
    model.to(torch.float64)
    points = torch.randn(20, 4, dtype=torch.float64, requires_grad=True)
    values = model(points)[:, 2]
    (slopes,) = torch.autograd.grad(values.sum(), points)
    X = points.detach().numpy()
    np.testing.assert_allclose(network(X), values.detach().numpy(), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(network.gradients(X), slopes.numpy(), rtol=1e-12, atol=1e-14)


def test_tensors_without_numbers_are_named(tmp_path):
    torch = pytest.importorskip("torch")
    path = tmp_path / "meta.pt"
    torch.save({"a.weight": torch.zeros(4, 2, device="meta")}, path)
    assert "a.weight has a shape but no numbers" in refusal(path)
