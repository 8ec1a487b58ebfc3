"""Trials of part one: networks constructed on data sets."""
