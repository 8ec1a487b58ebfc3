"""Lipschitz constants about a point: brackets on a box or a ball."""

from memrob.lipschitz.local.local import local_bracket
from memrob.lipschitz.local.region import Region

__all__ = ["Region", "local_bracket"]
