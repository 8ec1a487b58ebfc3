import numpy as np
import pandas as pd
import pytest

from memrob.fidelity.published import published_cells, published_trials
from memrob.fidelity.replay import compare_rows, summarise, trial_of
from memrob.fidelity.report import COLUMNS, report
from memrob.studies.tables import write_table


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


def test_published_trials_are_spread_evenly_and_keep_their_digits(tmp_path):
    bias = 0.1 + 0.2
    rows = pd.DataFrame({"seed": range(100), "max_bias": bias})
    write_table(rows, tmp_path / "trials" / "moons.csv")
    taken = published_trials(tmp_path, "moons", 10)
    assert taken["seed"].tolist() == list(range(0, 100, 10))
    assert (taken["max_bias"] == bias).all()
    assert len(published_trials(tmp_path, "moons", 1000)) == 100
    assert len(published_trials(tmp_path, "moons", 30)) <= 30
    assert published_trials(tmp_path, "mnist", 10) is None


@pytest.mark.parametrize(
    ("dataset", "experiment", "n_samples"),
    [("moons_size_300k", "moons_size", 300_000), ("moons", "moons", 7), ("mnist", "mnist", 7)],
)
def test_trial_of_a_published_row(dataset, experiment, n_samples):
    row = {"dataset": dataset, "first_width": 20, "max_bias": 0.1 + 0.2, "restart": 3, "seed": 83}
    trial = trial_of(pd.Series(row), experiment, 7)
    assert trial.n_samples == n_samples
    assert trial.dataset == experiment
    assert (trial.first_width, trial.max_bias, trial.restart, trial.seed) == (20, 0.1 + 0.2, 3, 83)
    assert (trial.order, trial.activation) == ("reference", "threshold")


@pytest.fixture
def rows():
    return pd.DataFrame(
        {
            "score": [1.0, 0.9, 0.5],
            "second_width": [7, 9, 2],
            "second_width_0": [3, 4, 1],
            "second_width_1": [4, 5, 1],
        }
    )


@pytest.fixture
def replayed(rows):
    parameters = {"dataset": "moons", "n_samples": 10, "first_width": 5, "max_bias": 1.0}
    results = rows.rename(columns={"score": "accuracy"})
    # What was constructed: published ones stand for nothing in the last row.
    results = results.assign(second_width_0=[3, 4, 0], second_width_1=[4, 5, 0])
    return results.assign(**parameters, restart=[0, 1, 2], seed=[5, 6, 7])


def test_rows_that_are_the_same_are_exact(rows, replayed):
    compared = compare_rows(rows, replayed)
    assert compared["exact"].tolist() == [1, 1, 1]
    assert compared["detectors"].tolist() == [2, 2, 2]
    assert compared["detectors_exact"].tolist() == [2, 2, 2]
    assert compared["published_score"].tolist() == [1.0, 0.9, 0.5]


def test_rows_that_differ_are_not_exact(rows, replayed):
    replayed.loc[0, ["second_width_0", "second_width_1"]] = [4, 3]  # with the same sum
    replayed.loc[1, "accuracy"] += 1e-4
    compared = compare_rows(rows, replayed)
    assert compared["exact"].tolist() == [0, 0, 1]
    assert compared["detectors_exact"].tolist() == [0, 2, 2]
    summary = summarise({"moons": compared}).iloc[0]
    assert (summary["rows"], summary["exact"], summary["share"]) == (3, 1, pytest.approx(1 / 3))
    assert (summary["detectors"], summary["detectors_exact"]) == (6, 4)


def test_report_compares_tables_named_after_experiments(
    tmp_path, trial_table, published_table, rows, replayed
):
    widths = np.random.default_rng(2).integers(5, 9, (6, 10))
    write_table(trial_table(widths), tmp_path / "run" / "moons.csv")
    write_table(trial_table(widths).assign(dataset="else"), tmp_path / "run" / "else.csv")
    write_table(published_table(widths), tmp_path / "reference" / "moons.csv")
    write_table(compare_rows(rows, replayed), tmp_path / "replay" / "moons.csv")
    out = [tmp_path / name for name in ("cells.csv", "summary.csv", "replay.csv")]
    tables = [tmp_path / "run" / "moons.csv", tmp_path / "run" / "else.csv"]
    report(tables, [tmp_path / "replay" / "moons.csv"], *out, reference=tmp_path / "reference")
    cells, summary, replays = map(pd.read_csv, out)
    assert list(cells.columns) == COLUMNS
    assert len(cells) == 12
    assert summary["experiment"].tolist() == ["moons", "moons"]
    assert replays["exact"].tolist() == [3]


def test_report_of_nothing_published_leaves_readable_tables(tmp_path, trial_table):
    write_table(trial_table([[3, 4]]), tmp_path / "mine.csv")
    out = [tmp_path / name for name in ("cells.csv", "summary.csv", "replay.csv")]
    report([tmp_path / "mine.csv"], [], *out, reference=tmp_path / "nothing")
    for path, column in zip(out, ("z", "verdict", "share"), strict=True):
        table = pd.read_csv(path)
        assert column in table
        assert len(table) == 0
