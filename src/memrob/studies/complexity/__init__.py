"""Trials of the part that sets the theory beside the experiment: complexities of data sets."""
