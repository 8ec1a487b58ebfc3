import json

import numpy as np
import pandas as pd
import pytest

from memrob.data.dataset import Dataset
from memrob.data.npz import save_npz
from memrob.errors import UserError
from memrob.studies.gather import gather
from memrob.studies.interpolation.trial import Trial
from memrob.studies.interpolation.trials import run_trials
from memrob.studies.run import run_chunk
from memrob.studies.tables import read_trials, same_results, write_table

COLUMNS = [
    "dataset",
    "n_samples",
    "first_width",
    "max_bias",
    "activation",
    "order",
    "restart",
    "seed",
    "subset_seed",
    "interpolated",
    "accuracy",
    "covered",
    "second_width",
    "second_width_0",
    "second_width_1",
    "second_width_2",
    "n_parameters",
    "fit_seconds",
]

# 0.1 + 0.2 has more digits than most ways of writing it would keep.
TRIALS = [
    Trial("test", n, width, bias, activation, order, restart, 1000 * width + restart)
    for n in (50, 80)
    for width in (8, 200)
    for bias in (0.0, 0.1 + 0.2)
    for activation, order in (
        ("threshold", "permutation"),
        ("threshold", "reference"),
        ("relu", "permutation"),
    )
    for restart in range(2)
]


@pytest.fixture(scope="module")
def rows(three_classes):
    return run_trials(TRIALS, three_classes)


def without_times(table):
    return table.drop(columns="fit_seconds").reset_index(drop=True)


def test_rows_have_parameters_first_then_results(rows):
    assert list(rows.columns) == COLUMNS
    parameters = rows[COLUMNS[:9]].to_dict("records")
    assert parameters == [vars(trial) for trial in TRIALS]


def test_rows_are_consistent(rows):
    assert 0 < rows["interpolated"].mean() < 1
    assert ((rows["accuracy"] == 1) == (rows["interpolated"] == 1)).all()
    detectors = rows[[f"second_width_{k}" for k in range(3)]]
    assert (detectors.sum(axis=1) == rows["second_width"]).all()
    # First layer (n x d weights, n biases), second layer, one output bias a class.
    expected = rows["first_width"] * 5 + rows["second_width"] * (rows["first_width"] + 1) + 3
    assert (rows["n_parameters"] == expected).all()
    assert (rows["fit_seconds"] > 0).all()
    assert rows["covered"].between(0, 1).all()


@pytest.mark.parametrize("size", [1, 5, 13])
def test_rows_do_not_depend_on_the_chunking(size, rows, three_classes):
    parts = [run_trials(TRIALS[i : i + size], three_classes) for i in range(0, len(TRIALS), size)]
    again = pd.concat(parts, ignore_index=True)
    pd.testing.assert_frame_equal(without_times(again), without_times(rows), check_exact=True)


def test_rows_do_not_depend_on_what_ran_before_or_on_threads(rows, three_classes):
    backwards = run_trials(TRIALS[::-1], three_classes, threads=2).iloc[::-1]
    pd.testing.assert_frame_equal(without_times(backwards), without_times(rows), check_exact=True)


def test_a_trial_takes_the_first_points(three_classes, rows):
    head = Dataset(three_classes.X[:50], three_classes.y[:50])
    small = [trial for trial in TRIALS if trial.n_samples == 50]
    expected = rows[rows["n_samples"] == 50]
    assert same_results(run_trials(small, head), expected).all()
    too_many = "test: has 50 points, but n_samples is 80"
    with pytest.raises(UserError, match=too_many):
        run_trials(TRIALS, head)


def test_resampled_subsets_are_nested_and_belong_to_their_seed(three_classes):
    def fitted(n_samples, subset_seed):
        trial = Trial("t", n_samples, 9, 0.5, "threshold", "permutation", 0, 1, subset_seed)
        return run_trials([trial], three_classes)

    whole = fitted(80, -1)
    assert same_results(fitted(40, 5), fitted(40, 5)).all()
    results = [tuple(fitted(40, seed).iloc[0][["accuracy", "covered"]]) for seed in range(-1, 5)]
    assert len(set(results)) > 1
    # All points in another order: the same hyperplanes and the same points they separate.
    assert fitted(80, 5)["covered"].tolist() == whole["covered"].tolist()


def test_same_results_sees_any_difference_but_times(rows):
    other = rows.assign(fit_seconds=0.0)
    assert same_results(rows, other).all()
    other.loc[3, "second_width_1"] += 1
    assert np.flatnonzero(~same_results(rows, other)).tolist() == [3]


def test_chunks_are_gathered_in_order_with_all_digits(rows, three_classes, tmp_path):
    save_npz(tmp_path / "data.npz", three_classes)
    cuts = [0, 7, 8, len(TRIALS)]
    chunks = [tmp_path / "chunks" / f"{i}.csv" for i in range(3)]
    for i, chunk in enumerate(chunks):
        run_chunk(run_trials, TRIALS[cuts[i] : cuts[i + 1]], chunk, tmp_path / "data.npz")
    benchmark = tmp_path / "0.tsv"
    pd.DataFrame({"s": [1.5], "cpu_time": [1.25], "max_rss": [99.0]}).to_csv(
        benchmark, sep="\t", index=False
    )
    table, record = tmp_path / "all.csv", tmp_path / "all.json"
    benchmarks = [benchmark, tmp_path / "absent.tsv"]
    gather(chunks, benchmarks, table, record, {"experiment": "test", "scale": np.int64(3)})

    # Byte for byte the lines of the chunks under one header.
    lines = [chunk.read_text().splitlines() for chunk in chunks]
    assert table.read_text().splitlines() == [
        *lines[0],
        *lines[1][1:],
        *lines[2][1:],
    ]
    gathered = read_trials(table)
    pd.testing.assert_frame_equal(without_times(gathered), without_times(rows), check_exact=True)

    content = json.loads(record.read_text())
    assert content["experiment"] == "test"
    assert content["scale"] == 3
    assert content["rows"] == len(TRIALS)
    assert content["chunks"] == 3
    assert content["fit_seconds"] == pytest.approx(gathered["fit_seconds"].sum(), abs=1e-3)
    assert content["wall_seconds"] == 1.5
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"data.npz", "chunks", "0.tsv", "all.csv", "all.json"}


def test_random_digits_survive_a_table(tmp_path):
    values = np.random.default_rng(0).random(2000)
    write_table(pd.DataFrame({"second_width": 1, "accuracy": values}), tmp_path / "t.csv")
    assert (read_trials(tmp_path / "t.csv")["accuracy"].to_numpy() == values).all()


def test_table_of_something_else_is_named(tmp_path):
    (tmp_path / "empty.csv").touch()
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    for name in ("empty", "other", "absent"):
        with pytest.raises(UserError, match=f"{name}.csv: is not a trial table"):
            read_trials(tmp_path / f"{name}.csv")
