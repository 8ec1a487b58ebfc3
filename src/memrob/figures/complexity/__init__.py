"""Figures that set theory beside experiment, one module a kind of figure."""

from memrob.figures.complexity.capacity import capacity
from memrob.figures.complexity.parity import parity
from memrob.figures.complexity.thresholds import thresholds
from memrob.figures.complexity.widths import widths

KINDS = {"widths": widths, "parity": parity, "thresholds": thresholds, "capacity": capacity}
"""Each takes a table of complexities, one of measured trials or None, and options by name."""

__all__ = ["KINDS"]
