"""The rules that decide what the figures of this study should show, by name."""

from memrob.studies.claim import collected
from memrob.studies.complexity.claims import capacity, shapes, widths

RULES = collected(capacity.RULES, shapes.RULES, widths.RULES)
