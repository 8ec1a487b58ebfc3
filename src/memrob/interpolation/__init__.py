"""Interpolation with randomly constructed threshold networks ([M], part one of the thesis)."""

from memrob.interpolation.network import ACTIVATIONS, ORDERS, Detector, Network, fit

__all__ = ["ACTIVATIONS", "ORDERS", "Detector", "Network", "fit"]
