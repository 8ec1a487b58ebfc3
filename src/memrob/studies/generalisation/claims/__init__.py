"""What each figure of test accuracy should show, decided from the table behind it."""

from memrob.studies.generalisation.claims.check import check_claims

__all__ = ["check_claims"]
