"""Exact Lipschitz constants of networks whose activation regions can be visited."""

from memrob.lipschitz.exact.exact import exact_lipschitz, feasible_method
from memrob.lipschitz.exact.polygons import LinearRegion, linear_regions
from memrob.lipschitz.exact.result import Exact

__all__ = ["Exact", "LinearRegion", "exact_lipschitz", "feasible_method", "linear_regions"]
