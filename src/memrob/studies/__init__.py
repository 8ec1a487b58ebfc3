"""Experiments: configurations, grids of trials, the chunks that jobs run, and their tables."""
