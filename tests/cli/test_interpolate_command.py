import json
import subprocess
import sys

import numpy as np
import pytest

from memrob.cli import main

OPTIONS = ("--first-width", "200", "--max-bias", "1")

CONTRACT = {
    "n_samples": int,
    "input_dim": int,
    "first_width": int,
    "second_width": int,
    "second_width_per_class": list,
    "interpolated": bool,
    "accuracy": float,
    "n_parameters": int,
    "fit_seconds": float,
    "peak_memory_bytes": int,
}


@pytest.fixture
def points():
    rng = np.random.default_rng(3)
    return {"X": rng.standard_normal((60, 5)), "y": rng.integers(0, 3, 60)}


@pytest.fixture
def good(points, tmp_path):
    return saved(tmp_path / "good.npz", **points)


def saved(path, **arrays):
    np.savez(path, **arrays)
    return path


def call(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    return status, *capsys.readouterr()


def report_of(capsys, *arguments):
    status, out, err = call(capsys, "interpolate", *arguments, "--json")
    assert (status, err, out.count("\n")) == (0, "", 1)
    return json.loads(out)


def test_report_keeps_the_contract(good, capsys):
    report = report_of(capsys, good, *OPTIONS)
    for key, kind in CONTRACT.items():
        assert type(report[key]) is kind, key
    assert report["n_samples"] == 60
    assert report["input_dim"] == 5
    assert report["first_width"] == 200
    assert len(report["second_width_per_class"]) == 3
    assert sum(report["second_width_per_class"]) == report["second_width"]
    assert report["interpolated"] is True
    assert report["accuracy"] == 1
    assert report["n_parameters"] == 200 * 6 + report["second_width"] * 201 + 3
    assert 0 < report["fit_seconds"] < 60
    assert 2**20 < report["peak_memory_bytes"] < 2**36


def test_network_that_does_not_interpolate_is_no_error(good, capsys):
    report = report_of(capsys, good, "--first-width", 1, "--max-bias", 0)
    assert report["interpolated"] is False
    assert report["accuracy"] < 1


def test_two_classes_have_one_second_layer(points, tmp_path, capsys):
    path = saved(tmp_path / "two.npz", X=points["X"], y=np.where(points["y"] > 0, 9, 4))
    report = report_of(capsys, path, *OPTIONS)
    assert len(report["second_width_per_class"]) == 1
    assert report["labels"] == [4, 9]


def test_seed_order_and_activation_reach_the_network(good, capsys):
    def widths(*options):
        report = report_of(capsys, good, "--first-width", 25, "--max-bias", 0.5, *options)
        return report["second_width_per_class"]

    first = widths()
    assert first == widths() == widths("--seed", 0, "--order", "permutation", "--threads", 1)
    assert len({tuple(widths("--seed", seed)) for seed in range(6)}) > 1
    assert widths("--seed", 4, "--order", "reference") == [
        *map(int, reference_widths(good, seed=4))
    ]
    assert widths("--activation", "relu") != first


def reference_widths(path, seed):
    from memrob.interpolation import fit

    with np.load(path) as data:
        X, y = data["X"].astype(np.float32), data["y"]
    network = fit(X, y, first_width=25, max_bias=0.5, seed=seed, order="reference")
    return network.second_width_per_class


def test_adaptive_always_interpolates(good, capsys):
    report = report_of(capsys, good, "--first-width", 2, "--max-bias", 1, "--adaptive")
    assert report["interpolated"] is True
    assert report["first_width"] >= 2


def test_without_json_it_is_for_people(good, capsys):
    status, out, err = call(capsys, "interpolate", good, *OPTIONS)
    assert (status, err) == (0, "")
    assert "60 points in dimension 5, 3 classes" in out
    assert "interpolates" in out


def no_y(points, path):
    return saved(path, X=points["X"])


def with_nan(points, path):
    points["X"][3, 2] = np.nan
    return saved(path, **points)


def one_class(points, path):
    return saved(path, X=points["X"], y=np.zeros(60, dtype=int))


def identical_points(points, path):
    points["X"][5] = points["X"][9]
    points["y"][[5, 9]] = 0, 1
    return saved(path, **points)


def truncated(points, path):
    content = saved(path, **points).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def damaged(points, path):
    content = bytearray(saved(path, **points).read_bytes())
    content[400] ^= 255
    path.write_bytes(content)
    return path


def lengths_differ(points, path):
    return saved(path, X=points["X"], y=points["y"][:-1])


def fractional_labels(points, path):
    return saved(path, X=points["X"], y=points["y"] + 0.5)


def images(points, path):
    return saved(path, X=points["X"].reshape(60, 5, 1), y=points["y"])


def pickled(points, path):
    return saved(path, X=points["X"].astype(object), y=points["y"])


def missing(points, path):
    return path


def folder(points, path):
    path.mkdir()
    return path


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (missing, "no such file"),
        (folder, "found a folder"),
        (no_y, "expected arrays X and y, found X"),
        (with_nan, "row 3 "),
        (one_class, "at least two classes"),
        (identical_points, "rows 5 and 9 "),
        (truncated, "truncated"),
        (damaged, "damaged"),
        (lengths_differ, "60 rows and y 59 labels"),
        (fractional_labels, "whole numbers"),
        (images, "shape (N, d)"),
        (pickled, "pickled objects"),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_bad_file_is_one_line_that_names_it(make, message, points, tmp_path, capsys):
    path = make(points, tmp_path / "bad.npz")
    before = sorted(tmp_path.iterdir())
    status, out, err = call(capsys, "interpolate", path, *OPTIONS, "--json")
    assert (status, out) == (2, "")
    assert err.startswith(f"memrob: error: {path}: ")
    assert message in err
    assert err.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--first-width", 0], "--first-width: is 0; it must be at least 1"),
        (["--first-width", "ten"], "--first-width: is 'ten'; it must be a whole number"),
        (["--first-width", "1e3"], "--first-width: is '1e3'; it must be a whole number"),
        (["--first-width", "1_0"], "--first-width: is '1_0'; it must be a whole number"),
        (["--seed", "\u0663"], "--seed: is '\u0663'; it must be a whole number"),
        (["--max-bias", "1,5"], "--max-bias: is '1,5'; it must be a number such as 0.5"),
        (["--first-width", 10**20], "--first-width"),
        (["--max-bias", -1], "--max-bias: is -1.0; it must be a finite number >= 0"),
        (["--max-bias", "nan"], "--max-bias: is nan"),
        (["--max-bias", "inf"], "--max-bias: is inf"),
        (["--max-bias", "1e300"], "--max-bias"),
        (["--seed", -1], "--seed: is -1; it must be at least 0"),
        (["--order", "random"], "--order: invalid choice: 'random'"),
        (["--activation", "tanh"], "--activation: invalid choice: 'tanh'"),
        (["--order", "reference", "--activation", "relu"], "--order: reference"),
        (["--order", "greedy", "--activation", "relu"], "--order: greedy"),
        (["--slack", "few"], "--slack: is 'few'; it must be a number"),
        (["--slack", "-1"], "--slack: is -1.0; it must be a number >= 0"),
        (["--slack", "nan"], "--slack: is nan"),
        (["--slack", "1.5"], "--slack: is 1.5; it must be a whole number of points or a share"),
        (["--min-cover", "0"], "--min-cover: is 0; it must be a whole number >= 1"),
        (["--smallest", "--slack", "2"], "--smallest: is for threshold networks"),
        (["--time", "2"], "--time: is for --smallest"),
        (["--smallest", "--time", "-2"], "--time: is -2.0; it must be a number of seconds >= 0"),
        (["--device", "tpu"], "--device: invalid choice: 'tpu'"),
        (["--threads", 0], "--threads: is 0; it must be at least 1"),
        (["--width", 3], "unrecognized arguments: --width 3"),
    ],
    ids=str,
)
def test_bad_option_is_one_line_that_names_it(options, message, good, capsys):
    status, out, err = call(capsys, "interpolate", good, *OPTIONS, *options)
    assert (status, out) == (2, "")
    assert err.startswith("memrob: error: ")
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["interpolat"], ["interpolate"]])
def test_incomplete_command_is_one_line(arguments, capsys):
    status, out, err = call(capsys, *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "--help" in err


def test_command_in_a_process_of_its_own(good, tmp_path):
    command = [sys.executable, "-c", "import sys; from memrob.cli import main; sys.exit(main())"]
    run = {"capture_output": True, "text": True, "cwd": tmp_path}
    done = subprocess.run([*command, "interpolate", str(good), *OPTIONS, "--json"], **run)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["interpolated"] is True
    done = subprocess.run([*command, "interpolate", "absent.npz", *OPTIONS], **run)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["good.npz"]


def test_greedy_selection_and_how_small_it_can_be(good, capsys):
    report = report_of(capsys, good, *OPTIONS, "--order", "greedy", "--smallest")
    smallest = report["smallest"]
    assert report["interpolated"]
    assert smallest["lower"] <= smallest["upper"] <= smallest["greedy"] == report["second_width"]
    assert sum(each["upper"] for each in smallest["per_class"]) == smallest["upper"]
    status, out, err = call(capsys, "interpolate", good, *OPTIONS, "--smallest", "--time", "5")
    assert (status, err) == (0, "")
    assert "least number of neurons of single points upon these hyperplanes" in out


def test_clusters_need_fewer_neurons_and_interpolate(good, capsys):
    report = report_of(capsys, good, *OPTIONS, "--order", "cluster")
    assert report["interpolated"]
    assert report["second_width"] < report_of(capsys, good, *OPTIONS)["second_width"]


def test_noise_and_decision_reach_the_network(good, capsys):
    options = ("--slack", "0.05", "--min-cover", "2", "--decision", "margin")
    report = report_of(capsys, good, *OPTIONS, *options)
    assert (report["slack"], report["min_cover"], report["decision"]) == (0.05, 2, "margin")
    assert not report["interpolated"]
    assert report["second_width"] < report_of(capsys, good, *OPTIONS)["second_width"]
