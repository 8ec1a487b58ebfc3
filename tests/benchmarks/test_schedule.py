from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.schedule import Finished, main, wall_seconds
from memrob.workflow.prediction import JOB_SECONDS

TABLE, FIGURE = JOB_SECONDS["table"], JOB_SECONDS["figure"]


def experiment(seconds, n_figures=1):
    return Finished(SimpleNamespace(figures=dict.fromkeys(range(n_figures))), seconds, 1.0)


def wall(*experiments, cores):
    return wall_seconds(list(experiments), cores, np.random.default_rng(0))


def test_figures_wait_for_the_table_and_the_table_for_all_trials():
    assert wall(experiment([5.0, 7.0]), cores=9) == pytest.approx(7 + TABLE + FIGURE)
    assert wall(experiment([5.0, 7.0]), cores=1) == pytest.approx(12 + TABLE + FIGURE)
    assert wall(experiment([5.0], 4), cores=2) == pytest.approx(5 + TABLE + 2 * FIGURE)


def test_experiments_do_not_wait_for_each_other():
    longer, shorter = experiment([50.0]), experiment([5.0, 5.0])
    assert wall(longer, shorter, cores=3) == pytest.approx(50 + TABLE + FIGURE)
    # On one core nothing is idle, whatever the order.
    assert wall(longer, shorter, cores=1) == pytest.approx(60 + 2 * (TABLE + FIGURE))


chains = st.lists(
    st.lists(st.floats(0.1, 100), min_size=1, max_size=6).map(experiment), min_size=1, max_size=4
)


@given(chains, st.integers(1, 5))
def test_a_schedule_is_within_the_bounds_of_any(experiments, cores):
    work = [sum(found.seconds) + TABLE + FIGURE for found in experiments]
    chain = [max(found.seconds) + TABLE + FIGURE for found in experiments]
    found = wall(*experiments, cores=cores)
    assert found >= max([*chain, sum(work) / cores]) - 1e-9
    # Graham's bound of list scheduling.
    assert found <= sum(work) / cores + max(chain) + 1e-9


@pytest.mark.parametrize(
    ("arguments", "told"), [([], "config/config.yaml"), (["--scale", "defautl"], "defautl")]
)
def test_mistakes_are_told(arguments, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert told in capsys.readouterr().err
