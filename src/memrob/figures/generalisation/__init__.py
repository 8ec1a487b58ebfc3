"""Figures of test accuracy, one module a kind of figure."""

from memrob.figures.generalisation.curves import accuracy_curves

KINDS = {"accuracy_curves": accuracy_curves}
"""Each takes a table of trials, and its options by name."""

__all__ = ["KINDS"]
