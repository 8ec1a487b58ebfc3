"""Figures of test accuracy, one module a kind of figure."""

from memrob.figures.draw import Kind
from memrob.figures.generalisation.curves import accuracy_curves

KINDS = {"accuracy_curves": Kind(accuracy_curves)}

__all__ = ["KINDS"]
