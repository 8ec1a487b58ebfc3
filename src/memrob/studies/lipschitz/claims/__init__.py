"""What each figure of Lipschitz constants should show, decided from the table behind it."""

from memrob.studies.lipschitz.claims.check import check_claims

__all__ = ["check_claims"]
