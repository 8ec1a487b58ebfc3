import numpy as np
import pytest


@pytest.fixture
def rng():
    return np.random.default_rng(20)


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of a few points, so that small sets go through many of them."""
    from memrob.complexity import distances

    monkeypatch.setattr(distances, "BLOCK_ELEMENTS", 700)
