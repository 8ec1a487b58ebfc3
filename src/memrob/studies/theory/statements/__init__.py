"""Trials of each statement, one module each: (trial, data) -> rows."""
