from memrob.workflow.prediction import CHUNK_START_SECONDS, JOB_SECONDS, predicted_line


def test_trials_and_starts_are_added():
    line = predicted_line([("chunk", 60.0), ("chunk", 7.0), ("all", 0.0)], [])
    assert line.endswith(f"these 3 jobs: {67 + 2 * CHUNK_START_SECONDS:.0f} s")


def test_units_and_waiting_jobs():
    line = predicted_line([("figure", 0.0)] * 100, [("chunk", 36_000 - CHUNK_START_SECONDS)])
    assert f"these 100 jobs: {100 * JOB_SECONDS['figure'] / 60:.1f} min" in line
    assert line.endswith(", and 10.0 h for 1 more once data are found")
