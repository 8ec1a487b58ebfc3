"""Trials of translation-invariant networks, and of fully connected ones on augmented data."""
