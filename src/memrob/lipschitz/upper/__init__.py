"""Certified upper bounds of Lipschitz constants."""

from memrob.lipschitz.upper.bounds import METHODS, least_of, least_upper, upper_bounds
from memrob.lipschitz.upper.intervals import interval_bound

__all__ = ["METHODS", "interval_bound", "least_of", "least_upper", "upper_bounds"]
