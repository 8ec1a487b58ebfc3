import pytest

from memrob.numerics.cost import Cost, Slowness
from memrob.workflow.prediction import CHUNK_START_SECONDS, duration, predicted_line


def test_trials_and_starts_are_added():
    chunks = [("lipschitz_sampling", Cost(other=60.0)), ("training_runs", Cost(other=7.0))]
    line = predicted_line([*chunks, ("all", None)], Slowness())
    assert line.endswith(f"these 3 jobs: {67 + 2 * CHUNK_START_SECONDS:.0f} s")


@pytest.mark.parametrize(
    ("seconds", "text"), [(119.0, "119 s"), (300.0, "5.0 min"), (36_000.0, "10.0 h")]
)
def test_a_time_has_the_unit_that_suits_it(seconds, text):
    assert duration(seconds) == text
