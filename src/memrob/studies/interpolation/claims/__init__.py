"""The rules that decide what the figures of this study should show, by name."""

from memrob.studies.claim import collected
from memrob.studies.interpolation.claims import contours, extensions, grids, sizes, widths

RULES = collected(contours.RULES, extensions.RULES, grids.RULES, sizes.RULES, widths.RULES)
