"""What each figure should show, decided from the table behind it."""

from memrob.studies.interpolation.claims.check import check_claims
from memrob.studies.interpolation.claims.rule import Claim

__all__ = ["Claim", "check_claims"]
