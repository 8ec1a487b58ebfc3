"""Every shipped figure answers one of the questions, and every question is answered."""

from pathlib import Path

from memrob.gallery.questions import OTHER, QUESTIONS, question_of
from memrob.studies.registry import load_experiments

CONFIGURATIONS = Path(__file__).parents[2] / "config" / "experiments"


def test_every_figure_has_its_question():
    figures = [(e.name, f) for e in load_experiments(CONFIGURATIONS).values() for f in e.figures]
    assert [f"{e}/{f}" for e, f in figures if question_of(e, f) == OTHER] == []
    assert {question_of(e, f) for e, f in figures} == set(QUESTIONS)


def test_a_figure_of_the_users_own_has_none():
    assert question_of("mine", "boundary") == OTHER
