"""The rules that decide what the figures of this study should show, by name."""

from memrob.studies.claim import collected
from memrob.studies.lipschitz.claims import deep, dimension, finite, laws, order, sizes

RULES = collected(dimension.RULES, deep.RULES, finite.RULES, laws.RULES, order.RULES, sizes.RULES)
