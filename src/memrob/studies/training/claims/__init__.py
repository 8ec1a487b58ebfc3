"""The rules that decide what the figures of this study should show, by name."""

from memrob.studies.claim import collected
from memrob.studies.training.claims import course, descent, robustness, thresholds

RULES = collected(course.RULES, descent.RULES, robustness.RULES, thresholds.RULES)
