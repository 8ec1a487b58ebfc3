"""Figures of statements of [M], one module each."""

from memrob.studies.kind import Kind
from memrob.studies.theory.figures.angles import angles
from memrob.studies.theory.figures.regions import alternating, regions
from memrob.studies.theory.figures.roles import roles
from memrob.studies.theory.figures.structure import structure

KINDS = {
    "roles": Kind(roles, given=("class_names",)),
    "regions": Kind(regions),
    "alternating": Kind(alternating),
    "structure": Kind(structure),
    "angles": Kind(angles, ("trials", "measured"), needs=("measured",)),
}

__all__ = ["KINDS"]
