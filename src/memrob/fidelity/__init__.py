"""Replicated results against the published ones."""
