"""Figures of test accuracy, one module a kind of figure."""

from memrob.studies.generalisation.figures.curves import accuracy_curves
from memrob.studies.kind import Kind

KINDS = {"accuracy_curves": Kind(accuracy_curves)}

__all__ = ["KINDS"]
