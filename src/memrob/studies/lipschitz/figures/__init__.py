"""Figures of Lipschitz constants of random networks, one module a kind of figure."""

from memrob.studies.kind import Kind
from memrob.studies.lipschitz.figures.below_two import below_two
from memrob.studies.lipschitz.figures.bracket import bracket
from memrob.studies.lipschitz.figures.curves import curves
from memrob.studies.lipschitz.figures.depth_exponents import depth_exponents
from memrob.studies.lipschitz.figures.exponents import exponents
from memrob.studies.lipschitz.figures.growth import growth
from memrob.studies.lipschitz.figures.laws import laws
from memrob.studies.lipschitz.figures.regime import regime
from memrob.studies.lipschitz.figures.regions import regions

KINDS = {
    "growth": Kind(growth),
    "exponents": Kind(exponents),
    "regime": Kind(regime),
    "bracket": Kind(bracket),
    "laws": Kind(laws),
    "curves": Kind(curves),
    "depth_exponents": Kind(depth_exponents),
    "below_two": Kind(below_two),
    "regions": Kind(regions, ()),
}

__all__ = ["KINDS"]
