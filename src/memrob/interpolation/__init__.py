"""Interpolation with randomly constructed threshold networks ([M], part one of the thesis)."""

from memrob.interpolation.construction import ACTIVATIONS, ORDERS, fit, fit_sharing_weights
from memrob.interpolation.network import Detector, Network

__all__ = ["ACTIVATIONS", "ORDERS", "Detector", "Network", "fit", "fit_sharing_weights"]
