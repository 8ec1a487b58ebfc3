import pytest
from small_run import make_run


@pytest.fixture
def root(tmp_path):
    """A run that made both figures of moons and nothing of cifar10."""
    return make_run(tmp_path)
