"""Trials on test accuracy: networks and reference classifiers fitted on a part of a data set."""
