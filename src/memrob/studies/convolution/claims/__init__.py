"""What each figure of convolutional networks should show, decided from the table behind it."""

from memrob.studies.convolution.claims.check import check_claims

__all__ = ["check_claims"]
