"""The measured speed of a machine scales predictions, and is only ever a guess."""

import json
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memrob.numerics import speed
from memrob.numerics.cost import Cost, Slowness, slowness
from memrob.workflow.prediction import CHUNK_START_SECONDS, predicted_seconds

HALF = replace(speed.REFERENCE, matrix_flops=speed.REFERENCE.matrix_flops / 2)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MEMROB_CACHE", str(tmp_path))
    return tmp_path


def test_an_unknown_machine_is_the_reference():
    assert slowness() == Slowness()


def test_slowness_is_relative_to_the_reference():
    reference = speed.REFERENCE
    flops, counts, steps = reference.matrix_flops, reference.counts, reference.steps
    speed.keep_speed(speed.Speed(flops / 2, counts / 8, 3 * flops, 4 * steps))
    assert slowness() == Slowness(1 / 3, 2, 8, 1 / 4)
    speed.keep_speed(reference)
    assert slowness() == Slowness()


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
    assert slowness() == Slowness()


@pytest.mark.parametrize(
    "value", [0, -1.0, "fast", None, [1], np.nan, np.inf, 1e-300, 1e300, 10**400]
)
def test_impossible_speeds_are_passed_over(own_cache, value):
    speed.keep_speed(speed.REFERENCE)
    kept = json.loads((own_cache / "speed.json").read_text())
    (own_cache / "speed.json").write_text(json.dumps({**kept, "counts": value}))
    assert slowness() == Slowness()


def test_another_machine_is_not_this_one(monkeypatch):
    speed.keep_speed(HALF)
    assert slowness() != Slowness()
    monkeypatch.setattr(speed.platform, "node", lambda: "elsewhere")
    assert slowness() == Slowness()


def test_another_processor_of_the_same_name_is_not_this_one(monkeypatch):
    speed.keep_speed(HALF)
    monkeypatch.setattr("llvmlite.binding.get_host_cpu_name", lambda: "another")
    assert slowness() == Slowness()


def test_a_folder_in_place_of_the_file_is_no_reason_to_stop(own_cache):
    (own_cache / "speed.json").mkdir()
    speed.keep_speed(speed.REFERENCE)
    assert slowness() == Slowness()


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(own_cache, monkeypatch):
    (own_cache / "file").touch()
    monkeypatch.setenv("MEMROB_CACHE", str(own_cache / "file" / "within"))
    speed.keep_speed(speed.REFERENCE)
    assert slowness() == Slowness()


def test_what_is_measured_can_be_kept():
    found = speed.measure_speed()
    assert found.matrix_flops > 1e6
    assert found.counts > 1e6
    assert found.steps > 1e3
    speed.keep_speed(found)
    assert min(astuple(slowness())) > 0


def test_trials_alone_are_scaled():
    jobs = [("lipschitz_sampling", Cost(1.0, 20.0, 300.0, 4000.0)), ("all", None)]
    slow = Slowness(2.0, 3.0, 5.0, 7.0)
    assert predicted_seconds(jobs, slow) == CHUNK_START_SECONDS + 2 + 60 + 1500 + 28_000


@given(st.lists(st.builds(Cost, *[st.floats(0, 1e6)] * 4), max_size=5), st.floats(0, 100))
def test_costs_add_up(costs, times):
    total = times * sum(costs, Cost())
    assert total.seconds == pytest.approx(times * sum(cost.seconds for cost in costs))
    assert Slowness().seconds(total) == pytest.approx(total.seconds)


def test_other_kernels_for_products_are_another_machine(monkeypatch):
    speed.keep_speed(HALF)
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Prescott")
    assert slowness() == Slowness()
