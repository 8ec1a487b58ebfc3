"""Figures of Lipschitz constants of random networks, one module a kind of figure."""

from memrob.figures.lipschitz.bracket import bracket
from memrob.figures.lipschitz.exponents import exponents
from memrob.figures.lipschitz.growth import growth
from memrob.figures.lipschitz.laws import laws
from memrob.figures.lipschitz.regime import regime
from memrob.figures.lipschitz.regions import regions

KINDS = {
    "growth": growth,
    "exponents": exponents,
    "regime": regime,
    "bracket": bracket,
    "laws": laws,
    "regions": regions,
}
"""Each takes a table of trials, but for those of `WITHOUT_TRIALS`, and its options by name."""
WITHOUT_TRIALS = {"regions"}

__all__ = ["KINDS", "WITHOUT_TRIALS"]
