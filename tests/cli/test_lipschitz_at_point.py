"""`memrob lipschitz` about a point."""

import numpy as np
import pytest
from lipschitz_command import call, report_of


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
