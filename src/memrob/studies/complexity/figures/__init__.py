"""Figures that set theory beside experiment, one module a kind of figure."""

from memrob.studies.complexity.figures.capacity import capacity
from memrob.studies.complexity.figures.numbers import numbers
from memrob.studies.complexity.figures.parity import parity
from memrob.studies.complexity.figures.thresholds import thresholds
from memrob.studies.complexity.figures.widths import widths
from memrob.studies.kind import Kind

BESIDE = ("trials", "measured")
MEASURED = ("measured",)

KINDS = {
    "widths": Kind(widths, BESIDE, needs=MEASURED),
    "parity": Kind(parity, BESIDE, needs=MEASURED),
    "thresholds": Kind(thresholds, BESIDE, needs=MEASURED),
    "capacity": Kind(capacity, BESIDE, needs=MEASURED),
    "numbers": Kind(numbers, BESIDE, printed=True),
}

__all__ = ["KINDS"]
