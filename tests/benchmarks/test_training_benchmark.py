"""The benchmark of training compares the same work."""

from benchmarks import training


def test_stack_and_loop_train_the_same_networks():
    found = training.measure_training(widths=[1, 3], n_samples=100, epochs=2)
    assert found.models == 10
    assert 0 < found.difference < 1e-4 or found.difference == 0
    assert min(found.stack, found.loop) > 0
    (line,) = training.training_lines(found)
    assert line.measured.endswith(" x") and line.target
    assert training.as_row(found)["ratio"] == found.ratio
