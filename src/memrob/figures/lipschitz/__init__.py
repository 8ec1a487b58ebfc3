"""Figures of Lipschitz constants of random networks, one module a kind of figure."""

from memrob.figures.draw import Kind
from memrob.figures.lipschitz.bracket import bracket
from memrob.figures.lipschitz.exponents import exponents
from memrob.figures.lipschitz.growth import growth
from memrob.figures.lipschitz.laws import laws
from memrob.figures.lipschitz.regime import regime
from memrob.figures.lipschitz.regions import regions

KINDS = {
    "growth": Kind(growth),
    "exponents": Kind(exponents),
    "regime": Kind(regime),
    "bracket": Kind(bracket),
    "laws": Kind(laws),
    "regions": Kind(regions, ()),
}

__all__ = ["KINDS"]
