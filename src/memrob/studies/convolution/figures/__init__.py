"""Figures of translation-invariant convolutional networks, one module a kind of figure."""

from memrob.studies.convolution.figures.accuracy import accuracy
from memrob.studies.convolution.figures.compared import compared
from memrob.studies.convolution.figures.detections import detections
from memrob.studies.convolution.figures.heatmap import network_heatmap
from memrob.studies.convolution.figures.orbits import orbits
from memrob.studies.convolution.figures.signals import signals
from memrob.studies.kind import Kind

OF_SIGNALS = ("points", "labels")

KINDS = {
    "heatmap": Kind(network_heatmap),
    "compared": Kind(compared),
    "orbits": Kind(orbits),
    "accuracy": Kind(accuracy),
    "signals": Kind(signals, OF_SIGNALS, given=("grid_shape", "class_names")),
    "detections": Kind(detections, OF_SIGNALS, given=("grid_shape",)),
}

__all__ = ["KINDS"]
