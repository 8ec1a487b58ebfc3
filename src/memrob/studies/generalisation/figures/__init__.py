"""Figures of test accuracy, one module a kind of figure."""

from memrob.studies.draw import Kind
from memrob.studies.generalisation.figures.curves import accuracy_curves

KINDS = {"accuracy_curves": Kind(accuracy_curves)}

__all__ = ["KINDS"]
