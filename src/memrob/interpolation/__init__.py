"""Interpolation with randomly constructed threshold networks ([M], part one of the thesis)."""

from importlib import import_module

from memrob.interpolation.arguments import ACTIVATIONS
from memrob.interpolation.construction import fit, fit_sharing_weights
from memrob.interpolation.network import Detector, Network
from memrob.interpolation.selection import ORDERS

# Imported when first used, since scikit-learn, safetensors and torch take seconds.
_LAZY = {
    "InterpolatingClassifier": "memrob.interpolation.estimator",
    "least_widths": "memrob.interpolation.smallest",
    "load": "memrob.interpolation.saved",
    "save": "memrob.interpolation.saved",
    "to_torch": "memrob.interpolation.torch_module",
}

__all__ = [
    "ACTIVATIONS",
    "ORDERS",
    "Detector",
    "InterpolatingClassifier",
    "Network",
    "fit",
    "fit_sharing_weights",
    "least_widths",
    "load",
    "save",
    "to_torch",
]


def __getattr__(name: str):
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
