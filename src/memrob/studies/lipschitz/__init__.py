"""Trials of the last part: brackets of Lipschitz constants of random networks."""
