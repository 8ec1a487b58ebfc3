"""Lower bounds that are attained at points which are returned."""

from memrob.lipschitz.lower.coordinates import coordinate_constants
from memrob.lipschitz.lower.search import LowerBound, search

__all__ = ["LowerBound", "coordinate_constants", "search"]
