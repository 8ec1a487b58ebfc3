"""Trials on smaller networks: greedy selection, how small it can be, and noise."""
