"""`memrob lipschitz` with several exponents, outputs and margins, and files of all kinds."""

import json
import pickle

import numpy as np
import pytest

from memrob.cli import main


@pytest.fixture
def three(tmp_path):
    """relu(x) times 1, 2 and -4: one input, three outputs."""
    path = tmp_path / "three.npz"
    np.savez(path, W0=np.ones((1, 1)), W1=np.array([[1.0], [2.0], [-4.0]]))
    return path


def call(capsys, *arguments):
    status = main(["lipschitz", *map(str, arguments)])
    return status, *capsys.readouterr()


def report_of(capsys, *arguments):
    status, out, err = call(capsys, *arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_one_object_for_each_p(three, capsys):
    report = report_of(capsys, three, "--output", 1, "--p", 1, 2, "inf")
    assert [result["p"] for result in report["results"]] == [1, 2, "inf"]
    assert [result["exact"] for result in report["results"]] == [2, 2, 2]
    assert report["input_dim"] == 1
    assert "p" not in report
    single = report_of(capsys, three, "--output", 1, "--p", 2)
    assert "results" not in single
    assert single["exact"] == 2
    assert {k: single[k] for k in report["results"][1]} == report["results"][1]


def test_file_may_follow_the_exponents(three, capsys):
    report = report_of(capsys, "--output", 0, "--p", 1, 2, three)
    assert len(report["results"]) == 2
    assert report_of(capsys, "--output", 0, "--p", 2, three)["exact"] == 1


def test_whole_map(three, capsys):
    for options, value in (
        (("--p", 2), np.sqrt(21)),
        (("--p", "inf"), 4),
        (("--p", 1), 7),
        (("--p", 2, "--q", "inf"), 4),
        (("--p", "inf", "--q", 1), 7),
    ):
        report = report_of(capsys, three, "--output", "all", *options)
        assert report["lower"] == pytest.approx(value, rel=1e-9)
        assert report["upper"] == pytest.approx(value, rel=1e-6)
        assert report["lower"] <= report["upper"]
        assert (report["output"], report["n_outputs"]) == ("all", 3)
        assert len(report["combination"]) == 3
    out = call(capsys, three, "--output", "all", "--p", 2, "--q", "inf")[1]
    assert "for p = 2 (from l^2 to l^inf)" in out


def test_margins(three, capsys):
    report = report_of(capsys, three, "--margin", 0, 2, "--p", 2)
    assert (report["exact"], report["margin"]) == (5, [0, 2])
    report = report_of(capsys, three, "--margin", "all", "--p", 1, "inf")
    found = {(*r["margin"], r["p"]): r["exact"] for r in report["results"]}
    expected = {(0, 1): 1, (0, 2): 5, (1, 2): 6}
    assert found == {(*pair, p): v for pair, v in expected.items() for p in (1, "inf")}
    assert (
        "of output 0 less 2 for p = inf" in call(capsys, three, "--margin", "all", "--p", "inf")[1]
    )


def test_what_is_assumed_is_told(three, capsys):
    out = call(capsys, three, "--output", 0, "--p", 2)[1]
    assert "assumed: ReLU after every layer but the last" in out
    assert "assumed: no biases in the file, taken as zero" in out
    report = report_of(capsys, three, "--output", 0, "--p", 2, "--activation", "leaky_relu:-0.5")
    assert "activation leaky_relu:-0.5" in report["assumptions"]
    assert report["exact"] == 1
    report = report_of(capsys, three, "--output", 0, "--p", 2, "--activation", "sigmoid")
    assert report["upper"] == pytest.approx(0.25)
    assert report["lower"] == pytest.approx(0.25)
    assert report["exact"] is None


def test_without_memory_for_matrices(three, capsys):
    report = report_of(capsys, three, "--output", 2, "--p", 2, "--memory", 0)
    assert (report["lower_method"], report["upper_method"]) == ("climb", "product")
    assert report["lower"] == pytest.approx(4, rel=1e-9)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--output", "some"), "--output: is 'some'; it must be a number or all"),
        (("--output", 3), "--output: is 3; "),
        (("--margin", 0), "--margin: give two different numbers of outputs, or all"),
        (("--margin", 1, 1), "--margin: give two different numbers of outputs, or all"),
        (("--margin", 0, 3), "--margin: is 3; "),
        (("--margin", "a", "b"), "--margin: give two numbers of outputs, or all"),
        (("--margin", "all", "--output", 1), "--margin: leave out --output with it"),
        (("--q", 2), "--q: is for --output all"),
        (("--q", 0.5, "--output", "all"), "--q: is '0.5'; it must be a number of at least 1"),
        (("--activation", "gelu", "--output", 0), "activation: is 'gelu'; it must be one of relu"),
        (("--time", 0, "--output", 0), "--time: is 0.0; it must be a finite number above 0"),
        (("--nodes", 0, "--output", 0), "--nodes: is 0; it must be at least 1"),
        (("--memory", -1, "--output", 0), "--memory: is -1.0; it must be a number of at least 0"),
        (("--output", "all", "--method", "exact"), "--method: exact is for --q inf alone"),
        ((), "has 3 outputs; choose one with --output 0 ... 2"),
    ],
    ids=str,
)
def test_bad_option_is_one_line_that_names_it(options, message, three, capsys):
    status, out, err = call(capsys, three, "--p", 2, *options, "--json")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert message in err


@pytest.mark.parametrize("name", ["x.npz", "x.onnx", "x.safetensors", "x.pt", "x.mat", "x.h5", "x"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"PK\x03\x04",
        b"PK\x05\x06" + bytes(18),
        pickle.dumps({"W0": sum}),
        b"\x89HDF\r\n\x1a\n" + bytes(100),
        b"MATLAB 5.0 MAT-file" + bytes(109),
        (8).to_bytes(8, "little") + b'{"a": 1}',
        (2**62).to_bytes(8, "little") + b'{"a": 1}',
        b"\x08\x07" + bytes(range(3, 90)),
        bytes(range(256)) * 4,
    ],
)
def test_file_of_a_wrong_kind_is_one_line(name, content, tmp_path, capsys):
    path = tmp_path / name
    path.write_bytes(content)
    status, out, err = call(capsys, path, "--p", 2)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"memrob: error: {path}: ")


@pytest.mark.parametrize("biases", [False, True])
def test_mat_file_as_lipsdp_writes_it(biases, tmp_path, capsys):
    from scipy.io import savemat

    weights, offsets = np.empty((1, 2), dtype=object), np.empty((1, 2), dtype=object)
    weights[0, 0], weights[0, 1] = np.array([[3.0, 4.0], [-1.0, 0.0]]), np.array([[1.0, -1.0]])
    offsets[0, 0], offsets[0, 1] = np.array([[1.0], [0.0]]), np.array([[2.0]])
    path = tmp_path / "weights.mat"
    savemat(path, {"weights": weights} | ({"biases": offsets} if biases else {}))
    report = report_of(capsys, path, "--p", "inf")
    assert report["exact"] == pytest.approx(8)
    assert any("no biases" in note for note in report["assumptions"]) != biases
    savemat(path, {"W0": weights[0, 0], "b0": np.zeros((2, 1)), "W1": weights[0, 1]})
    assert report_of(capsys, path, "--p", "inf")["exact"] == pytest.approx(8)
    savemat(path, {"A": np.ones(3)})
    assert "must hold a cell array weights, or W0" in call(capsys, path, "--p", 2)[2]


@pytest.mark.parametrize("name", ["biases", "bias", "b", "numbered"])
def test_biases_of_a_mat_file_count_under_any_usual_name(name, tmp_path, capsys):
    from scipy.io import savemat

    # relu(x + 1) - relu(x - 1) has slope 1; with zero biases it would be constant.
    cells = np.empty((2, 2), dtype=object)
    cells[0, 0], cells[0, 1] = np.ones((2, 1)), np.array([[1.0, -1.0]])
    cells[1, 0], cells[1, 1] = np.array([1.0, -1.0]), np.zeros(1)
    path = tmp_path / "network.mat"
    numbered = {"b0": cells[1, 0], "b1": cells[1, 1]}
    savemat(path, {"weights": cells[:1]} | (numbered if name == "numbered" else {name: cells[1:]}))
    report = report_of(capsys, path, "--p", 2)
    assert report["exact"] == pytest.approx(1)
    assert not any("no biases" in note for note in report["assumptions"])


def test_single_numbers_and_texts_of_a_mat_file_are_told_of(tmp_path, capsys):
    from scipy.io import savemat

    path = tmp_path / "network.mat"
    beside = {"epsilon": 0.1, "norm": "inf", "dims": 3}
    savemat(path, {"W0": np.ones((2, 1)), "W1": np.array([[1.0, -1.0]])} | beside)
    notes = report_of(capsys, path, "--p", 2)["assumptions"]
    assert "epsilon, norm, dims beside the network in the file, left out" in notes


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        *(("cells", key) for key in ("Biases", "intercepts", "bias_list", "W0", "b_0")),
        *(("arrays", key) for key in ("Biases", "intercepts", "biases")),
    ],
)
def test_what_a_mat_file_holds_beside_the_network_is_refused(kind, key, tmp_path, capsys):
    from scipy.io import savemat

    cells = np.empty((2, 2), dtype=object)
    cells[0, 0], cells[0, 1] = np.ones((2, 1)), np.array([[1.0, -1.0]])
    cells[1, 0], cells[1, 1] = np.array([1.0, -1.0]), np.zeros(1)
    network = {"weights": cells[:1], "biases": cells[1:]}
    if kind == "arrays":
        network = {"W0": cells[0, 0], "W1": cells[0, 1]}
    path = tmp_path / "network.mat"
    savemat(path, network | {key: cells[1:]})
    status, out, err = call(capsys, path, "--p", 2)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert f"{path}: {key!r} is no part of a network that is known; save " in err


@pytest.mark.parametrize("first", ["W1", "weight_1", "kernel0", "coefs_0", "fc1.weight", "arr_0"])
def test_other_names_in_an_npz_file(first, tmp_path, capsys):
    arrays = [np.array([[3.0, 4.0], [-1.0, 0.0], [0.0, 0.0]]), np.array([[1.0, -1.0, 2.0]])]
    names = {
        "fc1.weight": ("fc1.weight", "fc2.weight"),
        "kernel0": ("kernel0", "kernel1"),
        "coefs_0": ("coefs_0", "coefs_1"),
        "arr_0": ("arr_0", "arr_1"),
    }.get(first, (first, first.replace("1", "2")))
    if first in ("kernel0", "coefs_0"):
        arrays = [array.T for array in arrays]
    path = tmp_path / "network.npz"
    np.savez(path, **dict(zip(names, arrays, strict=True)))
    assert report_of(capsys, path, "--p", "inf")["exact"] == pytest.approx(8)


@pytest.fixture
def kink(tmp_path):
    """relu(x - 1) + 3 relu(y - 5): gradients (0, 0), (1, 0), (0, 3) and (1, 3)."""
    path = tmp_path / "kink.npz"
    np.savez(path, W0=np.eye(2), b0=np.array([-1.0, -5.0]), W1=np.array([[1.0, 3.0]]))
    return path


def test_about_a_point(kink, tmp_path, capsys):
    point = tmp_path / "point.txt"
    point.write_text("0.5, 0\n")
    for at, radius, value in (
        (("0.5,0",), (0.4,), 0),
        (("0.5", "0"), (0.6,), 1),
        ((point,), (0.6,), 1),
        (("0.5", "0"), (0.1, 6.0), 3),
        (("0.5", "4.9"), (1.0,), 4),
    ):
        report = report_of(capsys, kink, "--p", "inf", "--at", *at, "--radius", *radius)
        assert report["lower"] <= value * (1 + 1e-9)
        assert report["upper"] >= value * (1 - 1e-9)
        assert report["exact"] in (None, pytest.approx(value))
        assert report["lower"] == pytest.approx(value)
        assert report["norm"] == "inf"
    ball = ("--at", 0, 4, "--radius", 1.2, "--norm", 2)
    report = report_of(capsys, kink, "--p", "inf", *ball)
    # The corner of the box at which both neurons are active is not in the ball.
    assert report["lower"] == pytest.approx(3)
    assert "in the ball of radius 1.2 about the point" in call(capsys, kink, "--p", "inf", *ball)[1]


def test_exponents_are_printed_as_they_are(kink, capsys):
    _, out, _ = call(capsys, kink, "--p", 1.0000001, 2.5, "inf")
    for text in ("for p = 1.0000001 (", "for p = 2.5 (", "for p = inf ("):
        assert text in out


def test_bounds_from_above_alone_about_a_point(kink, capsys):
    ball = ("--at", "0.5,0", "--radius", 1, "--method", "upper")
    _, out, _ = call(capsys, kink, "--p", 2, *ball)
    assert "at most" in out
    assert "at least" not in out and "exactly" not in out


def test_points_and_radii_in_every_notation(kink, tmp_path, capsys):
    np.savez(tmp_path / "one.npz", centre=[0.5, 0.0])
    np.savez(tmp_path / "several.npz", a=[9.0, 9.0], x=[0.5, 0.0])
    for at in ("one.npz", "several.npz"):
        ball = ("--at", tmp_path / at, "--radius", "0.6,1")
        report = report_of(capsys, kink, "--p", "inf", *ball)
        assert report["radius"] == [0.6, 1.0]
        assert report["exact"] == pytest.approx(1)
    np.savez(tmp_path / "open.npz", a=[9.0, 9.0], b=[0.5, 0.0])
    ball = ("--at", tmp_path / "open.npz", "--radius", 1)
    status, out, err = call(capsys, kink, "--p", 2, *ball)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "open.npz holds a, b and no x; it must be a point as numbers" in err


@pytest.mark.parametrize("at", [("-5e-1", "-.0"), ("-5e-1,-1E-3",), ("-0.5", "-0")])
def test_coordinates_below_zero(at, kink, capsys):
    report = report_of(capsys, kink, "--p", "inf", "--at", *at, "--radius", 2)
    assert report["exact"] == pytest.approx(1)


def test_radii_that_are_not_printed_leave_dots(tmp_path, capsys):
    path = tmp_path / "sum.npz"
    for count, text in ((4, "1, 2, 3, 4 about"), (5, "1, 2, 3, 4, ... about")):
        np.savez(path, W0=np.ones((1, count)), W1=np.ones((1, 1)))
        radii = range(1, count + 1)
        _, out, _ = call(capsys, path, "--p", 2, "--at", *[0] * count, "--radius", *radii)
        assert f"in the box of radius {text} the point given" in out


@pytest.mark.parametrize("activation", ["leaky_relu:0.25", "tanh"])
@pytest.mark.parametrize("what", [("--output", 0), ("--output", "all"), ("--margin", 0, 1)])
@pytest.mark.filterwarnings("error")
def test_large_numbers_make_no_warnings(activation, what, tmp_path, capsys):
    path = tmp_path / "large.npz"
    np.savez(path, W0=1e160 * np.array([[1.0], [-2.0], [3.0]]), W1=1e90 * np.eye(3)[:2])
    report = report_of(capsys, path, "--p", 2, "--activation", activation, *what)
    assert report["lower"] <= report["upper"]


def test_a_margin_beyond_float64_is_one_line(tmp_path, capsys):
    path = tmp_path / "large.npz"
    np.savez(path, W0=np.ones((1, 1)), W1=np.array([[1.7e308], [-1.7e308]]))
    status, out, err = call(capsys, path, "--p", 2, "--margin", 0, 1)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "the difference of two outputs exceeds double precision" in err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--at", "-inf", 0, "--radius", 1), "--at: its numbers must be finite"),
        (("--at", 0, 0), "--at: needs --radius beside it"),
        (("--radius", 1), "--radius: needs --at beside it"),
        (("--norm", 2), "--norm: is of the ball; give --at and --radius"),
        (("--at", 0, "--radius", 1), "--at: holds 1 numbers; the network takes 2"),
        (("--at", "nan,0", "--radius", 1), "--at: its numbers must be finite"),
        (("--at", 0, 0, "--radius", 0), "--radius: must be finite and above 0"),
        (("--at", 0, 0, "--radius", 1, 2, 3), "--radius: holds 3 numbers; must hold 1 or 2"),
        (("--at", 0, 0, "--radius", 1, 2, "--norm", 2), "--radius: must be one number with --norm"),
        (("--at", "absent.npy", "--radius", 1), "--at: is 'absent.npy'; it must be a point as"),
        (("--at", 0, 0, "--radius", 1, "--activation", "tanh"), "--at: is for ReLU and leaky ReLU"),
        (("--at", 0, 0, "--radius", 1, "--within", 1), "--within"),
        (("--at", 0, 0, "--radius", 1, "--restarts", 5), "--restarts: is of the search on all"),
        (("--at", 0, 0, "--radius", 1, "--method", "lower", "--nodes", 5), "--nodes: ends the"),
        (("--method", "upper", "--restarts", 5), "leave it out with --method upper"),
        (("--method", "upper", "--nodes", 5), "--nodes: ends the search for the exact value"),
        (("--activation", "tanh", "--restarts", 5), "--restarts: is for ReLU and leaky ReLU"),
    ],
    ids=str,
)
def test_bad_ball_is_one_line_that_names_it(options, message, kink, capsys):
    status, out, err = call(capsys, kink, "--p", 2, *options, "--json")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert message in err


def test_files_that_hold_no_point_are_named(kink, tmp_path, capsys):
    np.savez(tmp_path / "empty.npz")
    np.savez(tmp_path / "several.npz", a=[0.0, 0.0], b=[1.0, 1.0])
    (tmp_path / "several.npz").rename(tmp_path / "several.npy")
    for name, message in (("empty.npz", "holds no array"), ("several.npy", "several arrays")):
        at = ("--at", tmp_path / name, "--radius", 1)
        status, out, err = call(capsys, kink, "--p", 2, *at, "--json")
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert message in err
