"""Figures of translation-invariant convolutional networks, one module a kind of figure."""

from memrob.figures.convolution.accuracy import accuracy
from memrob.figures.convolution.compared import compared
from memrob.figures.convolution.detections import detections
from memrob.figures.convolution.heatmap import network_heatmap
from memrob.figures.convolution.orbits import orbits
from memrob.figures.convolution.signals import signals
from memrob.figures.draw import Kind

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
