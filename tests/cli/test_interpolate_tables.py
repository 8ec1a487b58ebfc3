import json

import numpy as np
import pandas as pd
import pytest

from memrob import interpolation
from memrob.cli import main
from memrob.data.dataset import divided
from memrob.data.tables import load_points
from memrob.interpolation import InterpolatingClassifier

OPTIONS = ("--first-width", "150", "--max-bias", "2")
RNG = np.random.default_rng(5)
X = RNG.standard_normal((80, 3)).astype(np.float32)
Y = RNG.integers(0, 3, 80)


@pytest.fixture
def table(tmp_path):
    """Function that writes points to a file of a given kind."""

    def write(kind, points=X, labels=Y):
        path = tmp_path / f"data.{kind}"
        if kind == "npz":
            np.savez(path, X=points, y=labels)
            return path
        names = [f"x{i}" for i in range(points.shape[1])]
        frame = pd.DataFrame(points, columns=names).assign(y=labels)
        if kind == "parquet":
            pytest.importorskip("pyarrow")
            frame.to_parquet(path)
        else:
            frame.to_csv(path, index=False, sep="\t" if kind == "tsv" else ",")
        return path

    return write


def call(capsys, *arguments):
    status = main(["interpolate", *map(str, arguments)])
    return status, *capsys.readouterr()


def report_of(capsys, *arguments):
    status, out, err = call(capsys, *arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


MEASURED = ("data", "fit_seconds", "peak_memory_bytes", "label_column")


@pytest.mark.parametrize("kind", ["csv", "tsv", "parquet"])
@pytest.mark.parametrize("scaling", [[], ["--normalize"], ["--standardise", "--normalise"]])
def test_same_points_give_the_same_network(kind, scaling, table, capsys):
    reports = [report_of(capsys, table(k), *OPTIONS, *scaling) for k in ("npz", kind)]
    for report in reports:
        assert report["class_names"] == ["0", "1", "2"]
        for key in MEASURED:
            del report[key]
    assert reports[0] == reports[1]
    assert reports[0]["second_width"] > 3


@pytest.mark.parametrize("size", [1e-300, 1e-40, 1e-25, 1e-3, 1.0, 255.0, 1e25, 1e37, 1e300])
@pytest.mark.parametrize("kind", ["csv", "npz", "parquet"])
def test_normalized_as_the_estimator_does(size, kind, table, monkeypatch):
    points = np.float64(X[:, :2]) * [size, size / 3]
    path = table(kind, points=points)
    seen = load_points(path, normalize=True).X
    networks = []
    monkeypatch.setattr(interpolation, "fit", lambda *args, **kwargs: networks.append(args[0]))
    with pytest.raises(AttributeError):
        main(["interpolate", str(path), *OPTIONS, "--normalize"])
    monkeypatch.undo()
    classifier = InterpolatingClassifier(150, 2, random_state=0).fit(points, Y)
    network = interpolation.fit(networks[0], Y, first_width=150, max_bias=2, seed=0)
    np.testing.assert_array_equal(networks[0], seen)
    np.testing.assert_array_equal(seen, divided(points, classifier.scale_))
    for detector, other in zip(network.detectors, classifier.network_.detectors, strict=True):
        np.testing.assert_array_equal(detector.candidates, other.candidates)
        np.testing.assert_array_equal(detector.thresholds, other.thresholds)
    assert classifier.score(points, Y) == network.accuracy


@pytest.mark.parametrize(("size", "shown"), [(1e25, "e+25"), (1e-25, "e-25")])
@pytest.mark.parametrize("command", ["interpolate", "complexity"])
def test_range_without_normalize_is_told(command, size, shown, table, capsys):
    path = table("csv", points=np.float64(X) * size)
    options = OPTIONS if command == "interpolate" else OPTIONS[2:]
    for more in ([], ["--json"]):
        assert main([command, str(path), *options, *more]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith(f"memrob: error: {path}: the largest norm is ")
        assert shown in err
        assert "--normalize divides by it" in err
    assert main([command, str(path), *options, "--normalize", "--json"]) == 0
    report = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert report["largest_norm"] == pytest.approx(1)


def test_names_are_printed_in_one_line(table, tmp_path, capsys):
    names = np.array(["a\nb", "\x1b[31mred", "c"])
    path = table("csv", labels=names[Y])
    status, out, err = call(capsys, path, *OPTIONS)
    assert (status, err) == (0, "")
    assert "\n  a\\nb " in out
    assert "\x1b" not in out
    points = X.copy()
    points[1] = points[0]
    path = table("csv", points=points, labels=np.where(np.arange(80) == 0, names[0], names[1]))
    status, out, err = call(capsys, path, *OPTIONS)
    assert (status, out, err.count("\n")) == (2, "", 1)
    path = path.rename(tmp_path / "new\nline.csv")
    status, out, err = call(capsys, path, *OPTIONS)
    assert (status, out, err.count("\n")) == (2, "", 1)


def test_scaling_reaches_the_network(table, capsys):
    path = table("csv", points=10 * X)
    plain, scaled = (report_of(capsys, path, *OPTIONS, *more) for more in ([], ["--normalize"]))
    assert plain["largest_norm"] == pytest.approx(10 * np.linalg.norm(X, axis=1).max())
    assert scaled["largest_norm"] == pytest.approx(1)
    assert plain["second_width_per_class"] != scaled["second_width_per_class"]


def test_named_classes_are_in_the_report(table, capsys):
    names = np.array(["oak", "a name that is far too long for a column of the table", "elm"])
    path = table("csv", labels=names[Y])
    report = report_of(capsys, path, *OPTIONS, "--label", "y")
    assert report["class_names"] == sorted(names)
    assert report["labels"] == [0, 1, 2]
    assert report["class_sizes"] == [(names[Y] == name).sum() for name in sorted(names)]
    assert report["label_column"] == "y"
    _, out, _ = call(capsys, path, *OPTIONS)
    assert "3 classes (column y), largest norm" in out
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line[:2] == "  "}
    assert rows["class"] == ["points", "second", "width", "covered"]
    widths = dict(zip(report["class_names"], report["second_width_per_class"], strict=True))
    sizes = dict(zip(report["class_names"], report["class_sizes"], strict=True))
    assert rows["oak"] == [str(sizes["oak"]), str(widths["oak"]), str(sizes["oak"])]
    assert max(map(len, out.splitlines()[1:])) < 100


def test_drop_leaves_columns_out(table, capsys):
    reports = [
        report_of(capsys, table("csv", points=points), *OPTIONS, *drop)
        for points, drop in ((X[:, :1], []), (X, ["--drop", "x1", "--drop", "x2"]))
    ]
    assert reports[0]["input_dim"] == reports[1]["input_dim"] == 1
    assert reports[0]["second_width_per_class"] == reports[1]["second_width_per_class"]


def test_two_classes_name_the_one_without_detector(table, capsys):
    path = table("csv", labels=np.where(Y > 0, "with", "none"))
    _, out, _ = call(capsys, path, *OPTIONS)
    cells = next(line for line in out.splitlines() if line.startswith("  none")).split()
    assert cells[2:] == ["-", "-"]


@pytest.mark.parametrize(
    ("options", "expected", "absent"),
    [
        (["--max-bias", "0"], "--max-bias above 0, up to the largest norm", "nearer"),
        (["--max-bias", "0.1"], "--max-bias nearer the largest norm", "miss the points"),
        (["--max-bias", "100"], "most hyperplanes miss the points", "above 0"),
        (["--max-bias", "2"], "another --max-bias, smaller or larger than 2", "nearer"),
        (["--max-bias", "2"], "--first-width 4 or more", "--standardize"),
        (["--max-bias", "2"], "--adaptive, which", "--standardize"),
    ],
)
def test_advice_if_it_does_not_interpolate(options, expected, absent, table, capsys):
    status, out, _ = call(capsys, table("csv"), "--first-width", "2", *options)
    assert status == 0
    assert "does not interpolate" in out
    assert expected in out
    assert absent not in out


def test_advice_to_standardize_is_for_uneven_features(table, capsys):
    path = table("csv", points=X * np.float32([1, 1, 1000]))
    options = ("--first-width", "2", "--max-bias", "1000")
    assert "--standardize (and then" in call(capsys, path, *options)[1]
    assert "--standardize (and then" not in call(capsys, path, *options, "--standardize")[1]


def test_no_advice_if_it_interpolates(table, capsys):
    _, out, _ = call(capsys, table("csv"), *OPTIONS, "--adaptive")
    assert ") interpolates:" in out
    assert "What to try" not in out


def test_points_in_two_classes_are_named_with_their_classes(table, capsys):
    points, labels = X.copy(), np.where(Y > 0, "with", "none")
    points[9] = points[4]
    labels[[4, 9]] = "none", "with"
    path = table("csv", points=points, labels=labels)
    status, out, err = call(capsys, path, *OPTIONS)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert f"{path}: rows 4 and 9 " in err
    assert "(0 is none, 1 is with)" in err


def test_unusable_table_is_one_line(table, capsys):
    path = table("csv")
    path.write_text(path.read_text().replace("x1", "x0"))
    status, out, err = call(capsys, path, *OPTIONS, "--json")
    assert (status, out) == (2, "")
    assert err == f"memrob: error: {path}: two columns are called x0, rename one of them\n"


MAGIC = {"png": b"\x89PNG", "pdf": b"%PDF"}


@pytest.mark.parametrize("dimension", [1, 2, 3])
@pytest.mark.parametrize("n_classes", [2, 3, 25])
def test_plot(dimension, n_classes, table, tmp_path, capsys):
    labels = np.arange(80) % n_classes
    path = table("csv", points=X[:, :dimension], labels=[f"$c_{k}" for k in labels])
    kind = "pdf" if dimension == 2 else "png"
    plot = tmp_path / "folder" / f"figure.{kind}"
    report = report_of(capsys, path, "--first-width", "20", "--max-bias", "2", "--plot", plot)
    assert report["plot"] == str(plot)
    assert plot.read_bytes().startswith(MAGIC[kind])
    assert [found.name for found in plot.parent.iterdir()] == [plot.name]


@pytest.mark.parametrize("scale", [(1, 1), (1, 1e6), (1e-3, 0)])
@pytest.mark.parametrize("first_width", [1, 400])
def test_plot_in_the_plane(scale, first_width, table, tmp_path, capsys):
    points = X[:, :2] * np.float32(scale)
    path = table("npz", points=points, labels=(X[:, 0] > 0).astype(int))
    plot = tmp_path / "figure.png"
    options = ("--first-width", first_width, "--max-bias", 1, "--plot", plot)
    status, out, _ = call(capsys, path, *options)
    assert status == 0
    assert f"Figure: {plot}" in out
    assert plot.read_bytes().startswith(MAGIC["png"])


@pytest.mark.parametrize(
    ("plot", "message"),
    [
        ("figure.svg", "expected a name that ends in .png or .pdf"),
        ("figure", "expected a name that ends in .png or .pdf"),
        ("folder.png", "expected a file name, found a folder"),
        ("file/figure.png", "file is no folder)"),
    ],
)
def test_plot_that_cannot_be_written(plot, message, table, tmp_path, capsys):
    path = table("csv")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "file").touch()
    before = sorted(tmp_path.rglob("*"))
    status, out, err = call(capsys, path, *OPTIONS, "--plot", tmp_path / plot)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"memrob: error: --plot {tmp_path / plot}: ")
    assert message in err
    assert sorted(tmp_path.rglob("*")) == before
