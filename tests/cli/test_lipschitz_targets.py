"""`memrob lipschitz` with several exponents, outputs and margins."""

import numpy as np
import pytest
from lipschitz_command import call, report_of


@pytest.fixture
def three(tmp_path):
    """relu(x) times 1, 2 and -4: one input, three outputs."""
    path = tmp_path / "three.npz"
    np.savez(path, W0=np.ones((1, 1)), W1=np.array([[1.0], [2.0], [-4.0]]))
    return path


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
