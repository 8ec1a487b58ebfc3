"""Figures that set theory beside experiment, one module a kind of figure."""

from memrob.studies.complexity.figures.capacity import capacity
from memrob.studies.complexity.figures.numbers import numbers
from memrob.studies.complexity.figures.parity import parity
from memrob.studies.complexity.figures.thresholds import thresholds
from memrob.studies.complexity.figures.widths import widths
from memrob.studies.draw import Kind

BESIDE = ("trials", "measured")

KINDS = {
    "widths": Kind(widths, BESIDE),
    "parity": Kind(parity, BESIDE),
    "thresholds": Kind(thresholds, BESIDE),
    "capacity": Kind(capacity, BESIDE),
    "numbers": Kind(numbers, BESIDE),
}

__all__ = ["KINDS"]
