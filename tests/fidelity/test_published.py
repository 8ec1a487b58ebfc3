from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from memrob.fidelity.replay import compare_rows, joined, summarise
from memrob.fidelity.report import COLUMNS, report
from memrob.fidelity.rerun import trial_of
from memrob.studies.interpolation.published import published_cells, published_trials
from memrob.studies.tables import write_table

REFERENCE = Path(__file__).parents[2] / "data" / "reference"


def test_cells_of_its_own_table(tmp_path, published_table):
    write_table(published_table([[1, 2]]).assign(max_bias=0.1 + 0.2), tmp_path / "moons.csv")
    cells = published_cells(tmp_path, "moons", "elsewhere")
    assert cells["max_bias"].tolist() == [0.3]


def test_cells_of_the_same_data_set_without_a_table_of_its_own(tmp_path, published_table):
    one, two = published_table([[1, 2], [3, 4]]), published_table([[5, 6], [7, 8], [9, 10]])
    other = published_table([[1, 1]]).assign(dataset="mnist")
    for name, table in (("a", one), ("b", two), ("c", other)):
        write_table(table, tmp_path / f"{name}.csv")
    cells = published_cells(tmp_path, "moons_finer", "moons")
    assert cells["first_width"].tolist() == [10, 20, 30], "each cell once"
    assert cells["second_width_mean"].tolist() == [1.5, 3.5, 9.5]
    assert published_cells(tmp_path, "anything", "cifar10") is None


def published_rows(**columns):
    """Three published trials of two detectors."""
    place = {"dataset": "moons", "n_samples": 10, "first_width": 5, "max_bias": 0.1 + 0.2}
    widths = {"second_width": [7, 9, 2], "second_width_0": [3, 4, 1], "second_width_1": [4, 5, 1]}
    rows = {"seed": [5, 6, 7], **place, "restart": [0, 1, 2], "score": [1.0, 0.9, 0.5], **widths}
    return pd.DataFrame({**rows, "fit_seconds": 0.1, **columns})


def write_parquet(rows, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.to_parquet(path)


def test_published_trials_are_spread_evenly_and_keep_their_digits(tmp_path):
    bias = 0.1 + 0.2
    rows = pd.DataFrame({"seed": range(100), "max_bias": bias})
    write_parquet(rows, tmp_path / "trials" / "moons.parquet")
    taken = published_trials(tmp_path, "moons", 10)
    assert taken["seed"].tolist() == list(range(0, 100, 10))
    assert (taken["max_bias"] == bias).all()
    assert len(published_trials(tmp_path, "moons")) == 100
    assert len(published_trials(tmp_path, "moons", 1000)) == 100
    assert len(published_trials(tmp_path, "moons", 30)) <= 30
    assert published_trials(tmp_path, "mnist", 10) is None


def test_every_published_trial_and_cell_is_there():
    tables = [published_trials(REFERENCE, path.stem) for path in REFERENCE.glob("*.csv")]
    assert sum(map(len, tables)) == 158_240
    for path in REFERENCE.glob("*.csv"):
        cells, trials = pd.read_csv(path), published_trials(REFERENCE, path.stem)
        assert cells["trials"].sum() == len(trials)
        assert trials["seed"].tolist() == list(range(len(trials)))
        assert (trials.filter(regex="second_width_").sum(axis=1) == trials["second_width"]).all()
        # The cells are the means of the trials, rounded to six digits.
        trials = trials.assign(interpolated=trials["score"] == 1).round({"max_bias": 6})
        means = trials.groupby(["n_samples", "first_width", "max_bias"])[
            ["interpolated", "second_width"]
        ].mean()
        cells = cells.set_index(["n_samples", "first_width", "max_bias"]).loc[means.index]
        found = cells[["interpolated", "second_width_mean"]].to_numpy()
        np.testing.assert_allclose(found, means.to_numpy(), atol=1e-6)


def test_trial_of_a_published_row():
    trial = trial_of(published_rows().to_dict("records")[1])
    assert (trial.dataset, trial.n_samples, trial.first_width) == ("moons", 10, 5)
    assert (trial.max_bias, trial.restart, trial.seed) == (0.1 + 0.2, 1, 6)
    assert (trial.order, trial.activation) == ("reference", "threshold")


@pytest.fixture
def rows():
    return published_rows()


@pytest.fixture
def replayed(rows):
    # What was constructed: published ones stand for nothing in the last row.
    results = {"second_width": [7, 9, 0], "second_width_0": [3, 4, 0], "second_width_1": [4, 5, 0]}
    return rows.rename(columns={"score": "accuracy"}).assign(**results, order="reference")


def test_rows_that_are_the_same_are_exact(rows, replayed):
    compared = compare_rows(rows, replayed)
    assert compared["exact"].tolist() == [1, 1, 1]
    assert compared["detectors"].tolist() == [2, 2, 2]
    assert compared["detectors_exact"].tolist() == [2, 2, 2]
    assert compared["published_score"].tolist() == [1.0, 0.9, 0.5]
    assert compared["published_second_width_1"].tolist() == [4, 5, 1]
    assert compared["second_width_1"].tolist() == [4, 5, 0]


def test_rows_that_differ_are_not_exact(rows, replayed):
    replayed.loc[0, ["second_width_0", "second_width_1"]] = [4, 3]  # with the same sum
    replayed.loc[1, "accuracy"] += 1e-4
    compared = compare_rows(rows, replayed)
    assert compared["exact"].tolist() == [0, 0, 1]
    assert compared["detectors_exact"].tolist() == [0, 2, 2]
    summary = summarise(joined({"moons": compared})).iloc[0]
    assert (summary["rows"], summary["exact"], summary["share"]) == (3, 1, pytest.approx(1 / 3))
    assert (summary["detectors"], summary["detectors_exact"]) == (6, 4)


def test_where_the_order_of_the_points_is_unknown_the_score_is_compared(rows, replayed):
    rows, replayed = (table.assign(dataset="cifar10") for table in (rows, replayed))
    replayed.loc[0, "second_width_0"] += 1
    replayed.loc[1, "accuracy"] += 1e-4
    compared = compare_rows(rows, replayed)
    assert compared["compared"].unique() == ["score"]
    assert compared["exact"].tolist() == [1, 0, 1]
    assert compared["detectors_exact"].tolist() == [1, 2, 2]
    assert summarise(joined({"cifar10": compared}))["compared"].tolist() == ["score"]


@pytest.mark.parametrize(
    ("column", "value"),
    [("seed", 99), ("restart", 9), ("first_width", 6), ("max_bias", 0.31), ("dataset", "mnist")],
)
def test_a_trial_of_other_parameters_is_no_replay(rows, replayed, column, value):
    replayed.loc[1, column] = value
    assert compare_rows(rows, replayed)["seed"].tolist() == [5, 7]


def test_trials_are_matched_by_their_seeds_in_any_order(rows, replayed):
    replayed["max_bias"] = 0.3  # as a table of few digits has it
    compared = compare_rows(rows, replayed.iloc[[2, 0]])
    assert compared["seed"].tolist() == [7, 5]
    assert compared["exact"].tolist() == [1, 1]


def test_joined_tables_have_whole_widths_and_gaps_for_missing_classes(rows, replayed):
    one = compare_rows(rows.drop(columns="second_width_1"), replayed)
    both = joined({"moons": one, "mnist": compare_rows(rows, replayed), "none": one.iloc[:0]})
    assert both["experiment"].tolist() == 3 * ["moons"] + 3 * ["mnist"]
    assert both["second_width_1"].isna().tolist() == 3 * [True] + 3 * [False]
    assert both["second_width_1"].iloc[3:].tolist() == [4, 5, 0]
    assert both.columns[-1] == "exact"


def test_report_compares_tables_named_after_experiments(
    tmp_path, trial_table, published_table, rows, replayed
):
    widths = np.random.default_rng(2).integers(5, 9, (6, 10))
    write_table(trial_table(widths), tmp_path / "run" / "moons.csv")
    write_table(trial_table(widths).assign(dataset="else"), tmp_path / "run" / "else.csv")
    write_table(published_table(widths), tmp_path / "reference" / "moons.csv")
    write_table(compare_rows(rows, replayed), tmp_path / "replay" / "mnist.csv")
    out = [tmp_path / f"{name}.csv" for name in ("cells", "summary", "replay", "replays")]
    tables = [tmp_path / "run" / "moons.csv", tmp_path / "run" / "else.csv"]
    report(tables, [tmp_path / "replay" / "mnist.csv"], *out, reference=tmp_path / "reference")
    cells, summary, _, replays = map(pd.read_csv, out)
    assert list(cells.columns) == COLUMNS
    assert len(cells) == 12
    assert summary["experiment"].tolist() == ["moons", "moons"]
    assert replays["exact"].tolist() == [3]


def test_trials_of_an_experiment_in_the_published_order_are_replays(tmp_path, rows, replayed):
    results = {"interpolated": [1, 0, 0], "subset_seed": -1, "activation": "threshold"}
    write_table(replayed.assign(**results), tmp_path / "moons.csv")
    write_parquet(rows, tmp_path / "reference" / "trials" / "moons.parquet")
    out = [tmp_path / f"{name}.csv" for name in ("cells", "summary", "replay", "replays")]
    report([tmp_path / "moons.csv"], [], *out, reference=tmp_path / "reference")
    compared, summary = pd.read_csv(out[2]), pd.read_csv(out[3])
    assert compared["seed"].tolist() == [5, 6, 7]
    assert summary[["experiment", "rows", "exact"]].values.tolist() == [["moons", 3, 3]]
    write_table(replayed.assign(**results, order="permutation"), tmp_path / "moons.csv")
    report([tmp_path / "moons.csv"], [], *out, reference=tmp_path / "reference")
    assert len(pd.read_csv(out[2])) == 0


def test_report_of_nothing_published_leaves_readable_tables(tmp_path, trial_table):
    write_table(trial_table([[3, 4]]), tmp_path / "mine.csv")
    out = [tmp_path / f"{name}.csv" for name in ("cells", "summary", "replay", "replays")]
    report([tmp_path / "mine.csv"], [], *out, reference=tmp_path / "nothing")
    for path, column in zip(out, ("z", "verdict", "seed", "share"), strict=True):
        table = pd.read_csv(path)
        assert column in table
        assert len(table) == 0
