import pytest
from few_trials import Moons


@pytest.fixture
def moons(tmp_path):
    return Moons(tmp_path / "repository")
