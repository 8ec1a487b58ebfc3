import argparse
import json
import math
import subprocess
import sys

import numpy as np
import pytest
from lipschitz_command import call, not_json, report_of

from memrob.cli import main
from memrob.cli.lipschitz import _threads
from memrob.lipschitz.files import save_network
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.operators.network import of_relu_network
from memrob.lipschitz.random_networks import random_network

RANDOM = ("--input-dim", "2", "--width", "12", "--depth", "1")


@pytest.fixture
def two_slopes(tmp_path):
    """relu(3x + 4y) - relu(-x): gradients (0, 0), (3, 4), (1, 0) and (4, 4)."""
    weights = (np.array([[3.0, 4.0], [-1.0, 0.0]]), np.array([[1.0, -1.0]]))
    path = tmp_path / "network.npz"
    save_network(path, ReluNetwork(weights, (np.zeros(2), np.zeros(1))))
    return path


def norm_at(network, point, q):
    return np.linalg.norm(network.gradients(np.array([point]))[0], ord=q)


@pytest.mark.parametrize("bias", ["zero", "gaussian"])
@pytest.mark.parametrize(("p", "q"), [("inf", 1), ("1", np.inf), ("1.5", 3)])
def test_report_of_a_random_network(p, q, bias, capsys):
    report = report_of(capsys, *RANDOM, "--p", p, "--bias", bias, "--seed", 4)
    assert (report["p"], report["conjugate_p"]) == {
        "inf": ("inf", 1.0),
        "1": (1.0, "inf"),
        "1.5": (1.5, pytest.approx(3)),
    }[p]
    assert report["method"] == "all"
    assert (report["input_dim"], report["widths"], report["depth"]) == (2, [12], 1)
    assert (report["bias"], report["seed"], report["network"]) == (bias, 4, None)
    assert 0 < report["lower"] <= report["exact"] <= report["upper"]
    least = min(report["upper_bounds"].values())
    assert report["upper"] <= least
    of_no_method = report["upper_method"] in ("combination", report["exact_method"])
    assert (report["upper"] < least) == of_no_method
    assert 0 < report["seconds"] < 60
    network = random_network(2, 12, 1, bias=bias, seed=4)
    assert norm_at(network, report["point"], q) == pytest.approx(report["lower"], rel=1e-12)


def test_lower_bound_by_automatic_differentiation(capsys):
    torch = pytest.importorskip("torch")
    options = ("--input-dim", 5, "--width", 30, "--depth", 2, "--bias", "uniform", "--seed", 6)
    report = report_of(capsys, *options, "--p", 3, "--method", "lower")
    assert (report["upper"], report["exact"], report["upper_bounds"]) == (None, None, {})
    hidden = torch.tensor(report["point"], dtype=torch.float64, requires_grad=True)
    point = hidden
    network = random_network(5, 30, 2, bias="uniform", seed=6)
    for layer, (weight, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
        hidden = torch.relu(hidden) if layer else hidden
        hidden = torch.tensor(weight) @ hidden + torch.tensor(bias)
    hidden.sum().backward()
    assert torch.linalg.vector_norm(point.grad, 1.5).item() == pytest.approx(report["lower"])


@pytest.mark.parametrize("method", ["exact", "all"])
@pytest.mark.parametrize(("p", "value"), [("1", 4), ("2", math.sqrt(32)), ("inf", 8)])
def test_value_by_hand(p, value, method, two_slopes, capsys):
    report = report_of(capsys, two_slopes, "--p", p, "--method", method)
    assert report["exact"] == pytest.approx(value, rel=1e-12)
    assert report["lower"] == pytest.approx(value, rel=1e-12)
    x, y = report["point"]
    assert 3 * x + 4 * y > 0 > x or p == "1"
    if method == "exact":
        assert report["lower"] <= report["exact"] <= report["upper"]
        assert report["upper"] == pytest.approx(value, rel=1e-11)
    assert report["network"] == str(two_slopes)
    assert "bias" not in report


@pytest.mark.parametrize("method", ["lower", "upper", "exact"])
def test_what_is_not_asked_for_is_null(method, two_slopes, capsys):
    report = report_of(capsys, two_slopes, "--p", 2, "--method", method)
    assert report["method"] == method
    assert (report["lower"] is None) == (method == "upper")
    assert (report["point"] is None) == (method == "upper")
    assert (report["upper"] is None) == (method == "lower")
    assert (report["exact"] is None) == (method != "exact")


def test_exact_value_out_of_reach(capsys):
    options = ("--input-dim", 30, "--width", 60, "--depth", 2, "--p", 2)
    report = report_of(capsys, *options)
    assert report["exact"] is None
    assert 0 < report["lower"] < report["upper"]


def test_network_too_large_for_an_exact_value(capsys):
    options = ("--input-dim", 30, "--width", 2000, "--depth", 2, "--p", 2)
    status, out, err = call(capsys, *options, "--method", "exact", "--json")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("memrob: error: exact")


@pytest.mark.parametrize("size", [1e-150, 1e-12, 1e12, 1e150])
def test_scale_of_neurons_and_layers_changes_nothing(size, tmp_path, capsys):
    network = random_network(2, 9, 2, seed=1)
    first, second, last = network.weights
    sizes = np.where(np.arange(9) % 2, size, 1.0)
    weights = (first * sizes[:, None], second / sizes / size, last * size)
    save_network(tmp_path / "scaled.npz", ReluNetwork(weights, network.biases))
    save_network(tmp_path / "plain.npz", network)
    scaled, plain = (
        report_of(capsys, tmp_path / name, "--p", 1) for name in ("scaled.npz", "plain.npz")
    )
    for key in ("lower", "exact", "upper"):
        # Rows are scaled to one size up to a power of two: upper bounds may differ a little.
        tolerance = 0.5 if key == "upper" else 1e-9
        assert scaled[key] == pytest.approx(plain[key], rel=tolerance), key


@pytest.mark.parametrize("size", [1e-200, 1e-6, 1e6, 1e200])
def test_unit_of_the_input_scales_the_result(size, tmp_path, capsys):
    weights = random_network(2, 9, 1, seed=1).weights
    network = ReluNetwork((weights[0] * size, weights[1]), (np.linspace(-1, 1, 9), np.zeros(1)))
    save_network(tmp_path / "network.npz", network)
    report = report_of(capsys, tmp_path / "network.npz", "--p", 1)
    plain = ReluNetwork(weights, network.biases)
    save_network(tmp_path / "plain.npz", plain)
    expected = report_of(capsys, tmp_path / "plain.npz", "--p", 1)["exact"]
    assert report["exact"] / size == pytest.approx(expected, rel=1e-12)
    assert report["lower"] <= report["exact"] <= report["upper"]
    assert norm_at(network, report["point"], np.inf) == pytest.approx(report["lower"], rel=1e-12)


@pytest.mark.parametrize(("p", "value"), [("1", 4), ("2", 5), ("inf", 7)])
def test_affine_function(p, value, tmp_path, capsys):
    np.savez(tmp_path / "affine.npz", W0=[-3, 4])
    report = report_of(capsys, tmp_path / "affine.npz", "--p", p)
    assert report["lower"] == report["exact"] == pytest.approx(value, rel=1e-15)
    assert report["upper"] == pytest.approx(value, rel=1e-9)
    assert (report["depth"], report["widths"]) == (0, [])


def test_constant_function(tmp_path, capsys):
    np.savez(tmp_path / "zero.npz", W0=np.ones((3, 2)), W1=np.zeros(3))
    report = report_of(capsys, tmp_path / "zero.npz", "--p", 2)
    assert (report["lower"], report["exact"], report["upper"]) == (0, 0, 0)


def test_gradients_beyond_double_precision(tmp_path, capsys):
    np.savez(tmp_path / "huge.npz", W0=np.full((3, 2), 1e300), W1=np.full(3, 1e300))
    status, out, err = call(capsys, tmp_path / "huge.npz", "--p", 2)
    assert (status, out) == (2, "")
    assert err == "memrob: error: network: its gradients or regions exceed double precision\n"


def test_bound_within_a_cube(tmp_path, capsys):
    # Inactive unless x > 1.
    np.savez(tmp_path / "hinge.npz", W0=[[1.0]], b0=[-1.0], W1=[5.0])
    options = (tmp_path / "hinge.npz", "--p", 2, "--method", "upper")
    assert report_of(capsys, *options)["upper"] == pytest.approx(5)
    report = report_of(capsys, *options, "--within", 0.5)
    assert (report["upper"], report["upper_method"], report["within"]) == (0, "intervals", 0.5)
    assert report_of(capsys, *options, "--within", 2)["upper"] == pytest.approx(5)
    # The kink at 1e-200, in cubes that are huge and tiny against it.
    np.savez(tmp_path / "hinge.npz", W0=[[1e200]], b0=[-1.0], W1=[5e-200])
    assert report_of(capsys, *options, "--within", 1e300)["upper"] == pytest.approx(5)
    assert report_of(capsys, *options, "--within", 2e-200)["upper"] == pytest.approx(5)
    assert report_of(capsys, *options, "--within", 5e-201)["upper"] == 0


def test_output_of_a_saved_sequential(tmp_path, capsys):
    torch = pytest.importorskip("torch")
    path = tmp_path / "model.safetensors"
    model = torch.nn.Sequential(torch.nn.Linear(2, 6), torch.nn.ReLU(), torch.nn.Linear(6, 3))
    pytest.importorskip("safetensors.torch").save_file(model.state_dict(), path)
    report = report_of(capsys, path, "--output", 1, "--p", "inf", "--method", "exact")
    point = torch.tensor(report["point"], dtype=torch.float64, requires_grad=True)
    model.double()(point)[1].backward()
    assert point.grad.abs().sum().item() == pytest.approx(report["exact"], rel=1e-12)
    assert (report["output"], report["network"]) == (1, str(path))


def test_seed_and_restarts_reach_the_search(tmp_path, capsys):
    save_network(tmp_path / "network.npz", random_network(20, 60, 2, seed=1))

    def lower(*options):
        options = (*options, "--p", 1, "--method", "lower")
        return report_of(capsys, tmp_path / "network.npz", *options)["lower"]

    assert lower("--seed", 0, "--restarts", 2) == lower("--restarts", 2, "--threads", 1)
    assert len({lower("--seed", seed, "--restarts", 2) for seed in range(4)}) > 1


def test_without_json_it_is_for_people(two_slopes, capsys):
    status, out, err = call(capsys, two_slopes, "--p", "inf")
    assert (status, err) == (0, "")
    assert "input dimension 2, hidden layers 2" in out
    assert "p = inf (gradients in the norm of l^p', p' = 1)" in out
    assert "exactly  8 " in out
    assert "at least 8 " in out
    assert "at most" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "--input-dim, --width, --depth missing: name a NETWORK file, or give --input-dim, "),
        (("--input-dim", 2, "--depth", 1), "--width missing: name a NETWORK file"),
        ((*RANDOM, "--width", 0), "--width: is 0; it must be at least 1"),
        ((*RANDOM, "--input-dim", -2), "--input-dim: is -2; it must be at least 1"),
        ((*RANDOM, "--depth", 0), "--depth: is 0; it must be at least 1"),
        ((*RANDOM, "--width", "many"), "--width: is 'many'; it must be a whole number"),
        ((*RANDOM, "--width", 10**7, "--input-dim", 10**5), "GB of memory are available"),
        ((*RANDOM, "--width", 10**30), "GB of memory are available"),
        ((*RANDOM, "--depth", 10**12), "GB of memory are available"),
        ((*RANDOM, "--bias", "levy"), "--bias: invalid choice: 'levy'"),
        ((*RANDOM, "--seed", -1), "--seed: is -1; it must be at least 0"),
        ((*RANDOM, "--threads", 0), "--threads: is 0; it must be at least 1"),
        ((*RANDOM, "--restarts", 0), "--restarts: is 0; it must be at least 1"),
        ((*RANDOM, "--output", 0), "--output: is of a network in a file"),
        ((*RANDOM, "--p", 0.5), "p: is '0.5'; it must be a number of at least 1, or inf"),
        ((*RANDOM, "--p", "1_0"), "p: is '1_0'; it must be a number"),
        ((*RANDOM, "--p", "\u0662"), "p: is '\u0662'; it must be a number"),
        ((*RANDOM, "--p", "nan"), "p: is 'nan'; it must be a number"),
        ((*RANDOM, "--p", "two"), "p: is 'two'; it must be a number"),
        ((*RANDOM, "--p"), "--p: expected at least one argument"),
        ((*RANDOM, "--method", "guess"), "--method: invalid choice: 'guess'"),
        ((*RANDOM, "--device", "tpu"), "--device: invalid choice: 'tpu'"),
        ((*RANDOM, "--within", 1), "--within: bounds from above alone; use it with --method upper"),
        ((*RANDOM, "--method", "upper", "--within", 0), "--within: is 0.0; it must be a finite"),
        ((*RANDOM, "--method", "upper", "--within", "nan"), "--within: is nan; it must be a fin"),
        ((*RANDOM, "--first-width", 3), "unrecognized arguments: --first-width"),
    ],
    ids=str,
)
def test_bad_option_is_one_line_that_names_it(options, message, capsys):
    status, out, err = call(capsys, "--p", 2, *options, "--json")
    assert (status, out) == (2, "")
    assert err.startswith("memrob: error: ")
    assert message in err
    assert err.count("\n") == 1


def test_help_names_the_command(capsys):
    for arguments in (["--help"], ["lipschitz", "--help"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0
        assert "lipschitz" in capsys.readouterr().out


def test_p_is_required(capsys):
    status, out, err = call(capsys, *RANDOM)
    assert (status, out) == (2, "")
    assert "required: --p" in err


@pytest.mark.parametrize("option", [("--width", 3), ("--bias", "zero"), ("--input-dim", 2)])
def test_file_and_random_network_do_not_mix(option, two_slopes, capsys):
    status, out, err = call(capsys, two_slopes, "--p", 2, *option)
    assert (status, out) == (2, "")
    assert err == f"memrob: error: {option[0]}: is of a random network; leave it out with a file\n"


def test_bad_file_is_one_line_that_names_it(tmp_path, capsys):
    many, absent, text = (tmp_path / name for name in ("many.npz", "absent.npz", "text.npz"))
    np.savez(many, W0=np.ones((4, 3)), W1=np.ones((10, 4)))
    text.write_text("text")
    messages = {
        many: "has 10 outputs; choose one with --output 0 ... 9",
        absent: "found no such file",
        text: "found a truncated or other file",
    }
    for path, message in messages.items():
        status, out, err = call(capsys, path, "--p", 2, "--json")
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"memrob: error: {path}: ")
        assert message in err


def test_card_that_cannot_be_had_is_one_line(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    status, out, err = call(capsys, *RANDOM, "--p", 2, "--device", "cuda")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "device: cuda needs torch" in err
    report = report_of(capsys, *RANDOM, "--p", 2, "--device", "auto", "--method", "lower")
    assert report["device"] == "cpu"


def test_command_in_a_process_of_its_own(two_slopes):
    command = [sys.executable, "-W", "error", "-c"]
    command += ["import sys; from memrob.cli import main; sys.exit(main())", "lipschitz"]
    run = {"capture_output": True, "text": True, "cwd": two_slopes.parent}
    done = subprocess.run([*command, two_slopes.name, "--p", "inf", "--json"], **run)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout, parse_constant=not_json)["exact"] == pytest.approx(8)
    done = subprocess.run([*command, "absent.npz", "--p", "2"], **run)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert [path.name for path in two_slopes.parent.iterdir()] == ["network.npz"]


def test_exact_value_that_is_not_settled_says_how_to_go_on(capsys):
    sizes = ["--input-dim", "8", "--width", "12", "--depth", "2", "--bias", "gaussian"]
    options = ["lipschitz", *sizes, "--p", "2", "--method", "exact", "--nodes", "2"]
    assert main([*options, "--restarts", "1"]) == 0
    printed = capsys.readouterr().out
    assert "exactly" not in printed and "not settled: --nodes or --time" in printed


def test_small_networks_do_not_wait_for_libraries_that_they_do_not_need(tmp_path):
    np.savez(tmp_path / "net.npz", W0=np.eye(2), b0=np.ones(2), W1=np.ones((1, 2)))
    code = (
        "import sys; from memrob.cli import main; "
        f"main(['lipschitz', {str(tmp_path / 'net.npz')!r}, '--p', '2']); "
        "print([m for m in sys.modules if m in ('torch', 'onnx', 'pandas', 'matplotlib', "
        "'scipy.optimize', 'scipy.spatial', 'requests')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "exactly  1.414213562" in done.stdout and done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("given", "width", "threads"), [(None, 10, 1), (None, 2000, None), (3, 10, 3)]
)
def test_small_networks_take_one_thread_unless_told(given, width, threads):
    network = of_relu_network(random_network(10, width, 3, "gaussian", seed=0))
    assert _threads(argparse.Namespace(threads=given), network) == threads
