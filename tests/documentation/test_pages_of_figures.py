"""The pages on figures have every figure, its target and its claims."""

from pathlib import Path

import pytest

from docs.generator import figure_list
from docs.generator.markdown import plain
from memrob.studies.registry import PARTS

ROOT = Path(__file__).parents[2]
EXPERIMENTS = sorted(path.stem for path in (ROOT / "config" / "experiments").glob("*/*.yaml"))


def test_every_part_with_experiments_has_a_page(pages, experiments):
    parts = {f"figures/{experiment.part}.md" for experiment in experiments.values()}
    assert parts | {"figures/index.md"} == {page for page in pages if page.startswith("figures/")}
    assert all(part in pages["figures/index.md"] for part in PARTS)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_figure_is_there_with_its_texts(name, pages, experiments):
    experiment = experiments[name]
    page = pages[f"figures/{experiment.part}.md"]
    for figure, options in experiment.figures.items():
        assert f"{experiment.target(figure)}\n" in page
        assert plain(options["caption"].replace("&lt;", "<").replace("&gt;", ">")) in page


def test_claims_are_those_that_a_run_decides(pages, experiments):
    for experiment in experiments.values():
        page, rules = pages[f"figures/{experiment.part}.md"], experiment.rules()
        for figure in experiment.figures.values():
            for claim in figure.get("claims", ()):
                statement = plain(rules[claim["rule"]].statement)
                assert f"* {statement} ({plain(claim['source'])})\n" in page


def test_scales_and_trials(pages):
    page = pages["figures/interpolation.md"]
    moons = page[page.index("Experiment `moons`") :]
    assert "| `default` | 127,500 | " in moons
    assert "| `smoke` | 180 | " in moons


def test_every_script_has_its_rule():
    scripts = {f"scripts/{path.name}" for path in (ROOT / "scripts").glob("*.py")}
    assert set(figure_list.rules(ROOT).values()) == scripts
