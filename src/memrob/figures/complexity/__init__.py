"""Figures that set theory beside experiment, one module a kind of figure."""

from memrob.figures.complexity.capacity import capacity
from memrob.figures.complexity.numbers import numbers
from memrob.figures.complexity.parity import parity
from memrob.figures.complexity.thresholds import thresholds
from memrob.figures.complexity.widths import widths
from memrob.figures.draw import Kind

BESIDE = ("trials", "measured")

KINDS = {
    "widths": Kind(widths, BESIDE),
    "parity": Kind(parity, BESIDE),
    "thresholds": Kind(thresholds, BESIDE),
    "capacity": Kind(capacity, BESIDE),
    "numbers": Kind(numbers, BESIDE),
}

__all__ = ["KINDS"]
