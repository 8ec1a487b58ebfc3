"""The page on [M] has every figure and statement, and notices what is left out."""

from dataclasses import replace
from pathlib import Path

import pytest

from docs.generator import paper
from docs.generator.markdown import plain
from memrob.studies.registry import load_experiments

ROOT = Path(__file__).parents[2]
EXPERIMENTS = load_experiments(ROOT / "config" / "experiments")


@pytest.fixture
def page(monkeypatch):
    def page(experiments=EXPERIMENTS):
        monkeypatch.setattr(paper, "load_experiments", lambda folder: experiments)
        return paper.page(ROOT)

    return page


def without(experiment, key):
    """The experiments, one of them without a key of its figures."""
    of_one = EXPERIMENTS[experiment]
    figures = {
        name: {k: v for k, v in figure.items() if k != key}
        for name, figure in of_one.figures.items()
    }
    changed = replace(of_one, settings={**of_one.settings, "figures": figures})
    return {**EXPERIMENTS, experiment: changed}


def test_every_figure_and_statement_is_there(page):
    text = page()
    for number in (*range(1, 15), "5a", "8c", "9b", "11, left", "12c", "13, right"):
        assert f"| Fig. {number}" in text
    assert "figures/interpolation/moons/probability.pdf" in text
    for statement in paper.STATEMENTS:
        assert plain(statement.text) in text


def test_every_claim_of_the_paper_is_that_of_a_statement():
    listed = {(each.place, rule) for each in paper.STATEMENTS for rule in each.rules}
    assert listed == paper.bound(EXPERIMENTS)
    for experiment in EXPERIMENTS.values():
        for figure in experiment.figures.values():
            for claim in figure.get("claims", ()):
                assert claim["rule"] in experiment.rules()


@pytest.mark.parametrize(
    ("experiment", "key", "message"),
    [
        ("lines", "figure", "counterpart of .M. Fig. 14"),
        ("lines", "claims", "lines/own_neuron_each .*missing in the configuration"),
    ],
)
def test_what_the_configuration_leaves_out_is_named(experiment, key, message, page):
    with pytest.raises(ValueError, match=message):
        page(without(experiment, key))


def test_a_claim_that_the_page_leaves_out_is_named(page, monkeypatch):
    monkeypatch.setattr(paper, "STATEMENTS", paper.STATEMENTS[1:])
    with pytest.raises(ValueError, match="missing in the page"):
        page()
