from pathlib import Path

import pytest

from docs.generator.write import all_pages
from memrob.studies.registry import load_experiments

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def experiments():
    """The experiments that are shipped, by name."""
    return load_experiments(ROOT / "config" / "experiments")


@pytest.fixture(scope="session")
def pages():
    """Text of each generated page, by file; empty for those that sphinx-gallery makes."""
    examples = {f"examples/{path.stem}.rst": "" for path in (ROOT / "docs/examples").glob("*.py")}
    return {**all_pages(), **examples, "examples/index.rst": ""}
