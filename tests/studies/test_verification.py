"""Recomputing a sample of the trials behind a table."""

import json

import pandas as pd
import pytest
import yaml
from small_settings import SETTINGS

from memrob import __version__
from memrob.cli import main
from memrob.data import prepare
from memrob.errors import UserError
from memrob.studies import verification
from memrob.studies.gather import gather
from memrob.studies.provenance import origin
from memrob.studies.registry import load_experiment
from memrob.studies.run import run_chunk
from memrob.studies.verification import verify


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Tables of two parts with their records, and the prepared data."""
    root = tmp_path_factory.mktemp("run")
    prepare("moons", root / "data/prepared/moons.npz")
    for part, settings in SETTINGS.items():
        path = root / "config" / part / "small.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(yaml.safe_dump(settings))
        experiment = load_experiment(path)
        (name,) = experiment.chunks("smoke", 30)
        data = {"dataset": root / "data/prepared/moons.npz"} if experiment.dataset else {}
        trials = list(experiment.chunk(name, "smoke", 30).trials)
        run_chunk(experiment.runner(), trials, root / part / "chunk.csv", **data)
        record = {k: v for k, v in settings.items() if k != "figures"}
        description = {"part": part, "experiment": "small", "scale": "smoke"}
        gather(
            [root / part / "chunk.csv"],
            [],
            root / part / "small.csv",
            root / part / "small.json",
            {**description, "configuration": record},
        )
    return root


@pytest.mark.parametrize(("part", "rows"), [("interpolation", 1), ("lipschitz", 2)])
def test_untouched_tables_come_out_the_same(part, rows, root):
    found = verify(root / part / "small.csv", 4, prepared=root / "data/prepared")
    assert found.holds
    assert (found.n_trials, found.n_rows, found.same_rows) == (4, 4 * rows, 4 * rows)
    assert found.of_trials == len(pd.read_csv(root / part / "small.csv")) / rows


def test_a_data_set_that_is_not_prepared_is_built_once(root, tmp_path, monkeypatch):
    built = []
    monkeypatch.setattr(
        verification, "prepare", lambda name, *args, **more: built.append(prepare(name, *args))
    )
    assert verify(root / "interpolation" / "small.csv", 3, prepared=tmp_path).holds
    assert len(built) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("part", "column"), [("interpolation", "second_width"), ("lipschitz", "lower")]
)
def test_an_altered_value_is_found(part, column, root, tmp_path):
    table = pd.read_csv(root / part / "small.csv")
    table.loc[1, column] += 1
    table.to_csv(tmp_path / "small.csv", index=False)
    (tmp_path / "small.json").write_text((root / part / "small.json").read_text())
    found = verify(tmp_path / "small.csv", 100, prepared=root / "data/prepared")
    assert not found.holds
    assert found.same_rows == found.n_rows - 1
    (difference,) = found.differences.itertuples()
    assert difference.column == column
    assert difference.table == difference.recomputed + 1


def test_times_do_not_count(root, tmp_path):
    table = pd.read_csv(root / "interpolation/small.csv").assign(fit_seconds=99.0)
    table.to_csv(tmp_path / "small.csv", index=False)
    (tmp_path / "small.json").write_text((root / "interpolation/small.json").read_text())
    assert verify(tmp_path / "small.csv", 3, prepared=root / "data/prepared").holds


def test_a_table_of_another_record_is_refused(root, tmp_path):
    table = pd.read_csv(root / "interpolation/small.csv")
    table.assign(seed=10**6).to_csv(tmp_path / "small.csv", index=False)
    (tmp_path / "small.json").write_text((root / "interpolation/small.json").read_text())
    with pytest.raises(UserError, match="do not belong together"):
        verify(tmp_path / "small.csv", 1, prepared=root / "data/prepared")


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("part", ["x"], r"part: is \['x'\]; it must be one of"),
        ("part", "huge", "part: is 'huge'; it must be one of"),
        ("configuration", None, "configuration: is not that of an experiment"),
        ("configuration", {"title": "x"}, "configuration: is not that of an experiment"),
        ("scale", "huge", "at scale 'huge'"),
        ("experiment", "../other", "experiment: is '../other'; it must be of letters"),
        ("experiment", None, "experiment: is None; it must be of letters"),
        ("schema", None, "schema: is not that of a table"),
        ("schema", {"fields": [1]}, "schema: is not that of a table"),
    ],
)
def test_a_record_that_says_something_else_is_refused(key, value, message, root, tmp_path):
    (tmp_path / "small.csv").write_text((root / "interpolation/small.csv").read_text())
    record = json.loads((root / "interpolation/small.json").read_text())
    (tmp_path / "small.json").write_text(json.dumps(record | {key: value}))
    with pytest.raises(UserError, match=rf"small\.json: .*{message}"):
        verify(tmp_path / "small.csv", 1, prepared=root / "data/prepared")


@pytest.mark.parametrize("restarts", [0, -1])
def test_a_record_without_trials_is_refused(restarts, root, tmp_path):
    (tmp_path / "small.csv").write_text((root / "interpolation/small.csv").read_text())
    record = json.loads((root / "interpolation/small.json").read_text())
    record["configuration"] = record["configuration"] | {
        "restarts": restarts,
        "scales": {"smoke": {}},
    }
    (tmp_path / "small.json").write_text(json.dumps(record))
    with pytest.raises(UserError, match=r"small\.json: configuration: has no trials at scale"):
        verify(tmp_path / "small.csv", 1, prepared=root / "data/prepared")


UNFIT = {
    "a row of no trial": (
        lambda rows: pd.concat([rows, rows.tail(1).assign(restart=10**6)]),
        "rows and its record says",
    ),
    "a row of no trial for another": (
        lambda rows: pd.concat([rows.iloc[1:], rows.tail(1).assign(restart=10**6)]),
        "has rows that are not those of the trials",
    ),
    "a trial twice, another not at all": (
        lambda rows: pd.concat([rows.iloc[1:], rows.tail(1)]),
        "has rows that are not those of the trials",
    ),
    "a column less": (lambda rows: rows.drop(columns="accuracy"), "lacks the column accuracy"),
    "one column": (lambda rows: rows[["seed"]].set_axis(["a"], axis=1), "lacks the column"),
    "numbers as text": (
        lambda rows: rows.assign(accuracy="much"),
        "column accuracy: has something other than numbers",
    ),
}


@pytest.mark.parametrize("how", UNFIT)
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_table_that_is_not_of_its_record_is_refused(how, suffix, root, tmp_path):
    change, message = UNFIT[how]
    rows = change(pd.read_csv(root / "interpolation/small.csv"))
    path = tmp_path / f"small{suffix}"
    rows.to_csv(path, index=False) if suffix == ".csv" else rows.to_parquet(path)
    (tmp_path / "small.json").write_text((root / "interpolation/small.json").read_text())
    with pytest.raises(UserError, match=rf"small\{suffix}: .*{message}.*belong together"):
        verify(path, 1, prepared=root / "data/prepared")


def test_rows_in_another_order_are_no_mistake(root, tmp_path):
    rows = pd.read_csv(root / "interpolation/small.csv").iloc[::-1]
    rows.to_csv(tmp_path / "small.csv", index=False)
    (tmp_path / "small.json").write_text((root / "interpolation/small.json").read_text())
    assert verify(tmp_path / "small.csv", 2, prepared=root / "data/prepared").holds


def test_numbers_that_may_be_missing_are_compared(root, tmp_path):
    # As polars and other programs write them, seeds of 63 bits included.
    rows = pd.read_csv(root / "interpolation/small.csv").convert_dtypes()
    (tmp_path / "small.json").write_text((root / "interpolation/small.json").read_text())
    rows.to_parquet(tmp_path / "small.parquet")
    assert verify(tmp_path / "small.parquet", 2, prepared=root / "data/prepared").holds
    rows.assign(second_width=pd.array([pd.NA] * len(rows), "Int64")).to_parquet(
        tmp_path / "small.parquet"
    )
    assert not verify(tmp_path / "small.parquet", 2, prepared=root / "data/prepared").holds


def test_files_in_no_encoding_are_refused(root, tmp_path):
    for kind, other in (("csv", "json"), ("json", "csv")):
        (tmp_path / f"small.{kind}").write_bytes(b"\xff\xfe\xff")
        text = (root / f"interpolation/small.{other}").read_text()
        (tmp_path / f"small.{other}").write_text(text)
        with pytest.raises(UserError, match=rf"small\.{kind}: "):
            verify(tmp_path / "small.csv", 1, prepared=root / "data/prepared")


def test_the_command(root, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(root)
    tables = [str(root / part / "small.csv") for part in SETTINGS]
    assert main(["verify", *tables, "--trials", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["tables"]
    assert [one["holds"] for one in found] == [True, True]
    table = pd.read_csv(tables[1])
    table["upper"] *= 1.2
    table.to_csv(tmp_path / "small.csv", index=False)
    (tmp_path / "small.json").write_text((root / "lipschitz/small.json").read_text())
    assert main(["verify", str(tmp_path / "small.csv")]) == 1
    assert "0 of 8 rows are the same" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["nowhere.csv"], "nowhere.csv: there is no such file"),
        (["."], ".: is not a table of trials"),
        ([""], ".: is not a table of trials"),
        (["nowhere.json"], "nowhere.json: is not a table of trials"),
        (["nowhere.csv", "--trials", "0"], "--trials/--rows: is 0"),
        (["nowhere.csv", "--rows", "-1"], "--trials/--rows: is -1"),
        (["nowhere.csv", "--seed", "-1"], "--seed: is -1"),
    ],
)
def test_mistakes_are_one_line(arguments, named, capsys):
    assert main(["verify", *arguments]) == 2
    error = capsys.readouterr().err
    assert named in error and error.count("\n") == 1


def test_a_figure_names_the_commit_scale_and_seeds_of_its_table(tmp_path):
    assert (
        origin(tmp_path, "part/small/f", None)
        == f"part/small/f; memrob {__version__}, commit unknown"
    )
    (tmp_path / "small.json").write_text(
        json.dumps({"scale": "smoke", "git_commit": "abc", "seed": "row"})
    )
    text = origin(tmp_path, "f", tmp_path / "small.csv")
    assert text.endswith("table small.csv: scale smoke, commit abc, seeds by row")


def test_texts_that_look_like_truth_values_stay_texts():
    class Experiment:
        dataset = None

        @staticmethod
        def runner():
            return lambda _trials, threads: pd.DataFrame({"labels": ["true"], "width": [1]})

    found = verification._recomputed(Experiment, None, None, {"labels": str})
    assert found["labels"].tolist() == ["true"]


def altered(root, folder, change):
    table = pd.read_csv(root / "lipschitz" / "small.csv")
    table.loc[1, "lower"] = change(table.loc[1, "lower"])
    table.to_csv(folder / "small.csv", index=False)
    (folder / "small.json").write_text((root / "lipschitz" / "small.json").read_text())
    return folder / "small.csv"


@pytest.mark.parametrize(
    ("factor", "rounded", "searched"), [(1 + 1e-12, 1, 0), (0.97, 0, 1), (0.5, 0, 0)]
)
def test_bounds_of_another_rounding_are_told_apart(
    factor, rounded, searched, root, tmp_path, capsys
):
    table = altered(root, tmp_path, lambda bound: factor * bound)
    found = verify(table, 100)
    assert (found.rounded_rows, found.searched_rows) == (rounded, searched)
    assert found.same_rows == found.n_rows - 1
    assert found.holds == bool(rounded or searched)
    assert len(found.differences) == (not found.holds)
    assert found.largest_searched == pytest.approx(0.03 * searched)
    assert main(["verify", str(table), "--rows", "100"]) == (not found.holds)
    said = capsys.readouterr().out
    assert ("1 more up to rounding" in said) == bool(rounded)
    assert ("1 more but for where a search or a training ended (by 3 % at most)" in said) == bool(
        searched
    )


def test_a_column_that_table_and_record_both_lack_is_named(root, tmp_path):
    pd.read_csv(root / "lipschitz/small.csv").drop(columns="lower").to_csv(
        tmp_path / "small.csv", index=False
    )
    record = json.loads((root / "lipschitz/small.json").read_text())
    fields = record["schema"]["fields"]
    record["schema"]["fields"] = [field for field in fields if field["name"] != "lower"]
    (tmp_path / "small.json").write_text(json.dumps(record))
    with pytest.raises(UserError, match=r"small\.csv: has no column lower"):
        verify(tmp_path / "small.csv", 1)
