"""Translation-invariant convolutional networks that interpolate: this project's own construction.

It follows [M], Algorithm 1, with convolution, 1 x 1 convolution and global pooling.
"""

from importlib import import_module

from memrob.convolution.construction import fit, shift_group
from memrob.convolution.group import ShiftGroup, orbits, representatives, shifted
from memrob.convolution.network import InvariantDetector, InvariantNetwork

# Imported when first used, since scikit-learn, safetensors and torch take seconds.
_LAZY = {
    "InvariantInterpolatingClassifier": "memrob.convolution.estimator",
    "load": "memrob.convolution.saved",
    "save": "memrob.convolution.saved",
    "to_torch": "memrob.convolution.torch_module",
}

__all__ = [
    "InvariantDetector",
    "InvariantInterpolatingClassifier",
    "InvariantNetwork",
    "ShiftGroup",
    "fit",
    "load",
    "orbits",
    "representatives",
    "save",
    "shift_group",
    "shifted",
    "to_torch",
]


def __getattr__(name: str):
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
