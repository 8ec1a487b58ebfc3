"""The rules that decide what the figures of this study should show, by name."""

from memrob.studies.claim import collected
from memrob.studies.lipschitz.claims import dimension, laws, order, sizes

RULES = collected(dimension.RULES, laws.RULES, order.RULES, sizes.RULES)
