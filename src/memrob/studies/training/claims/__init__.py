"""What each figure of trained networks should show, decided from the table behind it."""

from memrob.studies.training.claims.check import check_claims

__all__ = ["check_claims"]
