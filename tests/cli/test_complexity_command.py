import json
import math

import numpy as np
import pandas as pd
import pytest

from memrob.cli import main

# Two classes of three points on a line, then a third class far away.
LINE = pd.DataFrame(
    {
        "a": [0.0, 0.1, 0.2, 1.0, 1.1, 1.2, 9.0, 9.5],
        "b": 0.0,
        "kind": ["left"] * 3 + ["mid"] * 3 + ["right"] * 2,
    }
)


@pytest.fixture
def line(tmp_path):
    path = tmp_path / "line.csv"
    LINE.to_csv(path, index=False)
    return path


def call(capsys, *arguments):
    status = main(["complexity", *map(str, arguments)])
    return status, *capsys.readouterr()


def report_of(capsys, *arguments):
    status, out, err = call(capsys, *arguments, "--json")
    assert (status, err, out.count("\n")) == (0, "", 1)
    return json.loads(out, parse_constant=lambda name: pytest.fail(f"JSON holds {name}"))


def test_report(line, capsys):
    report = report_of(capsys, line, "--label", "kind", "--max-bias", 10)
    assert (report["n_samples"], report["input_dim"]) == (8, 2)
    assert report["delta"] == pytest.approx(0.8)
    assert report["delta_rows"] == [2, 3]
    assert report["point_separation"] == pytest.approx(0.1)
    assert report["largest_norm"] == pytest.approx(9.5)
    assert [found["name"] for found in report["classes"]] == ["left", "mid", "right"]
    assert [found["n_minus"] for found in report["classes"]] == [3, 3, 2]
    assert report["second_width_bound"] == sum(f["M_minus"] for f in report["classes"])
    assert report["first_width_shape"] == max(f["first_width_shape"] for f in report["classes"])
    for found in report["classes"]:
        shape = (
            10
            / found["centre_separation"]
            * math.log(2 * found["M_minus"] * found["M_plus"] / report["eta"])
        )
        assert found["first_width_shape"] == pytest.approx(shape + 10 * found["omega"])
        assert found["omega_error"] >= 0


def test_capacity_is_for_these_points(line, capsys):
    report = report_of(capsys, line, "--label", "kind", "--max-bias", 10)
    bounds = {bound["name"]: bound for bound in report["capacity"]}
    # Four neurons, ceil(8 / 2), a binary digit of the label; there are two digits.
    assert bounds["Baum 1988"]["neurons"] == 8
    # exp((9.5 / 0.1)^2) is beyond double precision.
    assert bounds["Vershynin 2020"]["parameters"] == "inf"


def test_two_classes_have_one_covering(tmp_path, capsys):
    X = np.array([[0.0], [0.1], [5.0], [5.1]])
    np.savez(tmp_path / "two.npz", X=X, y=[3, 3, 8, 8])
    report = report_of(capsys, tmp_path / "two.npz", "--max-bias", 5)
    assert [(f["label"], f["name"], f["M_minus"]) for f in report["classes"]] == [(8, "8", 1)]
    assert report["second_width_bound"] == 1


def test_options_reach_the_computation(line, capsys):
    def found(*options):
        return report_of(capsys, line, "--label", "kind", "--max-bias", 10, *options)

    plain = found()
    assert found()["classes"] == plain["classes"]
    assert found("--seed", 1)["classes"] != plain["classes"]
    assert found("--eta", 0.5)["first_width_shape"] < plain["first_width_shape"]
    assert found("--constant", 0.01)["second_width_bound"] == 8
    assert found("--normalize")["delta"] == pytest.approx(0.8 / 9.5)
    assert found("--draws", 10)["draws"] == 10
    assert found("--drop", "b")["input_dim"] == 1


def test_without_json_it_is_for_people(line, capsys):
    status, out, err = call(capsys, line, "--label", "kind", "--max-bias", 10)
    assert (status, err) == (0, "")
    assert "8 points in dimension 2, 3 classes (column kind), largest norm 9.5" in out
    assert "classes 0.8 (rows 2 and 3)" in out
    assert "Theorem: " in out
    for name in ("left", "mid", "right", "Baum 1988", "Vardi 2022"):
        assert f"\n  {name}" in out
    assert "largest norm, 9.5" not in out
    _, out, _ = call(capsys, line, "--label", "kind", "--max-bias", 1)
    assert "at least the order of the largest norm, 9.5" in out


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_plot(classes, kind, tmp_path, capsys):
    path, plot = tmp_path / "line.csv", tmp_path / f"figure.{kind}"
    LINE[: 2 + 3 * (classes - 1)].to_csv(path, index=False)
    report = report_of(capsys, path, "--label", "kind", "--max-bias", 10, "--plot", plot)
    assert report["plot"] == str(plot)
    assert plot.read_bytes().startswith({"png": b"\x89PNG", "pdf": b"%PDF"}[kind])
    assert sorted(tmp_path.iterdir()) == sorted([path, plot])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--max-bias", 0], "--max-bias: is 0.0; it must be a finite number above 0"),
        (["--max-bias", "nan"], "--max-bias: is nan"),
        (["--constant", -1], "--constant: is -1.0; it must be a finite number above 0"),
        (["--eta", 1], "--eta: is 1.0; it must lie between 0 and 1"),
        (["--draws", 1], "--draws: is 1; it must be at least 2"),
        (["--seed", -1], "--seed: is -1; it must be at least 0"),
        (["--threads", 0], "--threads: is 0; it must be at least 1"),
        (["--plot", "figure.gif"], "--plot figure.gif: expected a name that ends in .png or .pdf"),
        (["--label", "sort"], "has no column sort (--label), only a, b, kind"),
        (["--first-width", 3], "unrecognized arguments: --first-width 3"),
    ],
    ids=str,
)
def test_bad_option_is_one_line_that_names_it(options, message, line, capsys):
    given = ["--label", "kind", "--max-bias", 10, *options]
    status, out, err = call(capsys, line, *given)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("memrob: error: ")
    assert message in err


def test_points_in_two_classes_are_refused(tmp_path, capsys):
    path = tmp_path / "data.csv"
    path.write_text("a,y\n1,u\n2,v\n1,v\n")
    status, out, err = call(capsys, path, "--max-bias", 1)
    assert (status, out) == (2, "")
    assert f"{path}: rows 0 and 2 " in err
    assert "--max-bias" in call(capsys, path)[2]
