"""Figures: one consistent style, one module a kind of figure."""

from memrob.figures.draw import KINDS, NEEDS_DATASET, draw
from memrob.figures.fidelity import draw_fidelity

__all__ = ["KINDS", "NEEDS_DATASET", "draw", "draw_fidelity"]
