import pytest
from few_trials import Moons


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: runs Snakemake, some seconds each")


@pytest.fixture
def moons(tmp_path):
    return Moons(tmp_path / "repository")
