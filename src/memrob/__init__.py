"""Replication of Finke, *Memorization capacity and robustness of neural networks* (2026)."""

__version__ = "0.1.0"
