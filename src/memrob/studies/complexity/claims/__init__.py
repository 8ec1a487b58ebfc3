"""What each figure that sets theory beside experiment should show, decided from both tables."""

from memrob.studies.complexity.claims.check import check_claims

__all__ = ["check_claims"]
