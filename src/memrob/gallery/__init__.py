"""The gallery: every figure on one page, with what it should show and whether it does."""

from memrob.gallery.claims_table import write_claims_table
from memrob.gallery.page import build_gallery

__all__ = ["build_gallery", "write_claims_table"]
