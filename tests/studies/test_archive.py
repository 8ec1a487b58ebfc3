"""The archive: tables of the scale paper in and out, the same rows, and mistakes in one line."""

import json
from pathlib import Path

import pandas as pd
import pytest
import small_settings
import yaml

from memrob.errors import UserError
from memrob.studies.archive import keep, unpack
from memrob.studies.gather import gather
from memrob.studies.registry import load_experiment
from memrob.studies.run import run_chunk
from memrob.studies.verification import verify

SETTINGS = small_settings.SETTINGS["lipschitz"] | {"scales": {"smoke": {"width": [4]}, "paper": {}}}


def experiment_in(root, **changes):
    path = root / "config" / "lipschitz" / "small.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(SETTINGS | changes))
    return load_experiment(path)


def table_of(root, scale):
    """A table of results with its record."""
    experiment = experiment_in(root)
    (chunk,) = experiment.chunks(scale, 30).values()
    run_chunk(experiment.runner(), list(chunk.trials), root / "chunk.csv")
    table = root / "results" / "small.csv"
    described = {k: v for k, v in SETTINGS.items() if k != "figures"}
    description = {"part": "lipschitz", "experiment": "small", "scale": scale}
    record = table.with_suffix(".json")
    gather([root / "chunk.csv"], [], table, record, {**description, "configuration": described})
    return table


@pytest.fixture
def table(tmp_path):
    return table_of(tmp_path, "paper")


def test_a_table_comes_back_as_it_was(table, tmp_path):
    packed = keep(table, tmp_path / "archive")
    assert packed == tmp_path / "archive" / "lipschitz" / "small.parquet"
    again, record = tmp_path / "again.csv", tmp_path / "again.json"
    unpack(packed, experiment_in(tmp_path), again, record)
    assert again.read_bytes() == table.read_bytes()
    first = json.loads(table.with_suffix(".json").read_text())
    assert json.loads(record.read_text()) == first | {"archive": packed.as_posix()}


def test_archived_trials_are_verified_where_they_lie(table, tmp_path):
    packed = keep(table, tmp_path / "archive")
    found = verify(packed, 10)
    assert found.holds
    assert (found.n_trials, found.n_rows) == (4, 8)
    rows = pd.read_parquet(packed)
    rows.loc[3, "lower"] *= 0.5
    rows.to_parquet(packed)
    assert not verify(packed, 10).holds


def test_only_the_scale_paper_is_kept(tmp_path):
    table = table_of(tmp_path, "smoke")
    with pytest.raises(UserError, match="is of the scale smoke; the archive keeps paper only"):
        keep(table, tmp_path / "archive")
    assert not (tmp_path / "archive").exists()


def test_a_table_that_lacks_rows_is_not_kept(table, tmp_path):
    table.write_text("".join(table.read_text().splitlines(keepends=True)[:-1]))
    with pytest.raises(UserError, match="has 7 rows and its record says 8"):
        keep(table, tmp_path / "archive")


@pytest.mark.parametrize("name", ["../../escaped", "/tmp/escaped", None, ""])
def test_nothing_is_written_outside_the_archive(name, table, tmp_path):
    record = table.with_suffix(".json")
    record.write_text(json.dumps(json.loads(record.read_text()) | {"experiment": name}))
    with pytest.raises(UserError, match=r"small\.json: experiment: is .*letters, digits and _"):
        keep(table, tmp_path / "archive")
    assert not (tmp_path / "archive").exists()


def test_a_table_of_another_shape_does_not_replace_a_kept_one(table, tmp_path):
    packed = keep(table, tmp_path / "archive")
    before = packed.read_bytes()
    pd.read_csv(table).drop(columns="lower").to_csv(table, index=False)
    with pytest.raises(UserError, match="lacks the column lower"):
        keep(table, tmp_path / "archive")
    assert packed.read_bytes() == before
    pd.read_parquet(packed).drop(columns="lower").to_parquet(packed)
    with pytest.raises(UserError, match=r"small\.parquet: lacks the column lower"):
        unpack(packed, experiment_in(tmp_path), tmp_path / "again.csv", tmp_path / "again.json")
    assert not (tmp_path / "again.csv").exists()


def test_an_archive_that_cannot_be_written_is_named(table, tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "archive/lipschitz/small.parquet").mkdir(parents=True)
    for archive in (tmp_path / "file", tmp_path / "archive", Path("/proc/nowhere")):
        with pytest.raises(UserError, match=r"small\.parquet: cannot be written \("):
            keep(table, archive)


def test_trials_of_another_configuration_are_refused(table, tmp_path):
    packed = keep(table, tmp_path / "archive")
    for changes in ({"restarts": 3}, {"grid": SETTINGS["grid"] | {"width": [4, 9]}}):
        experiment = experiment_in(tmp_path, **changes)
        with pytest.raises(UserError, match=r"holds other trials than .*small.yaml has"):
            unpack(packed, experiment, tmp_path / "again.csv", tmp_path / "again.json")
    # What decides no trial may change.
    unpack(
        packed, experiment_in(tmp_path, title="B"), tmp_path / "again.csv", tmp_path / "again.json"
    )


@pytest.mark.parametrize("content", [b"", b"text", b"PAR1 and no more"])
def test_a_damaged_file_is_named(content, table, tmp_path):
    packed = keep(table, tmp_path / "archive")
    packed.write_bytes(content)
    with pytest.raises(UserError, match=r"small.parquet: is not a table of trials"):
        unpack(packed, experiment_in(tmp_path), tmp_path / "again.csv", tmp_path / "again.json")
