"""What the benchmark counts, and what it says of targets."""

import dataclasses

import numpy as np
import pytest

from benchmarks import baseline, cases, table
from benchmarks.measure import BaselineTime, Problem, Trial, time_baseline, time_trial
from benchmarks.memory import peak_memory
from benchmarks.peaks import Peaks
from memrob.data.synthetic import moons

PEAKS = Peaks(popcount=40.0, bandwidth=20.0, matrix_product=100.0)


@pytest.fixture
def problem():
    X, y = moons(300)
    return Problem(X, y, first_width=70, max_bias=1.0)


def test_counts_what_the_baseline_evaluates(problem):
    trial = time_trial(problem)
    (detector,) = baseline.fit(problem.X, problem.y, first_width=70, max_bias=1.0, seed=0)
    assert trial.candidates == detector.n_evaluated
    assert trial.second_width == len(detector.candidates)
    # 70 hyperplanes take two words, and half of the points are X+.
    assert trial.words == detector.n_evaluated * 150 * 2
    assert min(trial.first_layer, trial.second_layer) > 0


def test_baseline_time_is_extrapolated_by_candidates(problem):
    found = time_baseline(problem, 1000, seconds=0.01)
    assert 2 <= found.measured_candidates <= 150
    assert np.isclose(found.seconds, found.first_layer + 1000 * found.candidate)


def test_memory_is_that_of_a_process_of_its_own(tmp_path):
    X, y = moons(300)
    before = peak_memory(tmp_path, X, y, 70, 1.0)
    ballast = np.ones(4 * 10**8, dtype=np.uint8)
    after = peak_memory(tmp_path, X, y, 70, 1.0)
    assert abs(after - before) < len(ballast) / 4
    assert not list(tmp_path.iterdir())


def _result(**changed):
    case = cases.Case("mnist", 70_000, 500, 1.3, 250, quick=True)
    trial = Trial(5, 1.0, 0.5, 0.5, 100, 120, 12 * 10**9)
    result = cases.Result(
        case=case,
        input_dim=784,
        pre_activations=35 * 10**6,
        operations=40 * 10**9,
        trial=trial,
        baseline=BaselineTime(250.0, 1.0, 0.01, 60),
        memory=10**9,
        data=10**8,
        packed=10**7,
    )
    return dataclasses.replace(result, **changed)


def test_says_which_targets_are_met():
    lines = {line.quantity: line for line in table.case_lines(_result().case, _result(), PEAKS)}
    quantities = ("trial", "second layer", "baseline / trial", "peak memory")
    assert [lines[q].met for q in quantities] == ["yes"] * 4
    assert lines["second layer"].measured == "0.50 s, 60% of popcount peak"
    assert lines["first layer"].remark == "80 GFLOP/s, 80% of matrix product peak"
    slow = dataclasses.replace(_result().trial, seconds=1.31, second_layer=0.51)
    missed = _result(trial=slow, memory=1_010_000_001)
    lines = {line.quantity: line for line in table.case_lines(missed.case, missed, PEAKS)}
    assert [lines[q].met for q in quantities] == ["**no**"] * 4


def test_says_why_a_case_was_not_measured():
    (line,) = table.case_lines(_result().case, "cache lacks it", PEAKS)
    assert "cache lacks it" in table.markdown([line]) and line.met == ""
