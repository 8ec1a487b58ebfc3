"""The rules that decide what the figures of this study should show, by name."""

from memrob.studies.claim import collected
from memrob.studies.theory.claims import angles, regions, roles, structure

RULES = collected(roles.RULES, regions.RULES, structure.RULES, angles.RULES)
