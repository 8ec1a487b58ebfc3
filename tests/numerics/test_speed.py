"""The measured speed of a machine scales predictions, and is only ever a guess."""

import json

import numpy as np
import pytest

from memrob.numerics import speed
from memrob.workflow.prediction import CHUNK_START_SECONDS, predicted_seconds

HALF = speed.Speed(speed.REFERENCE.matrix_flops / 2, speed.REFERENCE.counts / 2)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MEMROB_CACHE", str(tmp_path))
    return tmp_path


def test_an_unknown_machine_is_the_reference():
    assert speed.slowness() == 1.0


def test_slowness_is_relative_to_the_reference():
    half = speed.Speed(speed.REFERENCE.matrix_flops / 2, speed.REFERENCE.counts / 8)
    speed.keep_speed(half)
    assert speed.slowness() == pytest.approx(4)
    speed.keep_speed(speed.REFERENCE)
    assert speed.slowness() == pytest.approx(1)


DAMAGED = [
    "",
    "{",
    "[]",
    "{}",
    '{"machine": 1}',
    '{"matrix_flops": 0, "counts": 1}',
    "null",
    "\xff",
]
NESTED = "[" * 100_000


@pytest.mark.parametrize("text", [*DAMAGED, NESTED])
def test_a_damaged_file_is_passed_over(own_cache, text):
    speed.keep_speed(HALF)
    (own_cache / "speed.json").write_bytes(text.encode("latin-1"))
    assert speed.slowness() == 1.0


@pytest.mark.parametrize(
    "value", [0, -1.0, "fast", None, [1], np.nan, np.inf, 1e-300, 1e300, 10**400]
)
def test_impossible_speeds_are_passed_over(own_cache, value):
    speed.keep_speed(speed.REFERENCE)
    kept = json.loads((own_cache / "speed.json").read_text())
    (own_cache / "speed.json").write_text(json.dumps({**kept, "counts": value}))
    assert speed.slowness() == 1.0


def test_another_machine_is_not_this_one(monkeypatch):
    speed.keep_speed(HALF)
    assert speed.slowness() == pytest.approx(2)
    monkeypatch.setattr(speed.platform, "node", lambda: "elsewhere")
    assert speed.slowness() == 1.0


def test_another_processor_of_the_same_name_is_not_this_one(monkeypatch):
    speed.keep_speed(HALF)
    monkeypatch.setattr("llvmlite.binding.get_host_cpu_name", lambda: "another")
    assert speed.slowness() == 1.0


def test_a_folder_in_place_of_the_file_is_no_reason_to_stop(own_cache):
    (own_cache / "speed.json").mkdir()
    speed.keep_speed(speed.REFERENCE)
    assert speed.slowness() == 1.0


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(own_cache, monkeypatch):
    (own_cache / "file").touch()
    monkeypatch.setenv("MEMROB_CACHE", str(own_cache / "file" / "within"))
    speed.keep_speed(speed.REFERENCE)
    assert speed.slowness() == 1.0


def test_what_is_measured_can_be_kept():
    found = speed.measure_speed()
    assert found.matrix_flops > 1e6
    assert found.counts > 1e6
    speed.keep_speed(found)
    assert speed.slowness() > 0


def test_trials_alone_are_scaled():
    jobs = [("lipschitz_sampling", 60.0), ("all", None)]
    assert predicted_seconds(jobs, 2.0) == CHUNK_START_SECONDS + 120.0
