"""The rules that decide what the figures of this study should show, by name."""

from memrob.studies.claim import collected
from memrob.studies.interpolation.claims import extensions, grids, sizes

RULES = collected(extensions.RULES, grids.RULES, sizes.RULES)
