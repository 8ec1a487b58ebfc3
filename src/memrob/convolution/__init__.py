"""Translation-invariant convolutional networks that interpolate: this project's own construction.

It follows [M], Algorithm 2, with convolution, 1 x 1 convolution and global pooling.
"""

from importlib import import_module

from memrob.convolution.group import ShiftGroup, orbits, representatives, shifted

# Imported when first used, since kernels, scikit-learn, safetensors and torch take seconds.
_LAZY = {
    "InvariantDetector": "memrob.convolution.network",
    "InvariantInterpolatingClassifier": "memrob.convolution.estimator",
    "InvariantNetwork": "memrob.convolution.network",
    "fit": "memrob.convolution.construction",
    "least_widths": "memrob.convolution.smallest",
    "load": "memrob.convolution.saved",
    "save": "memrob.convolution.saved",
    "shift_group": "memrob.convolution.construction",
    "to_torch": "memrob.convolution.torch_module",
}

__all__ = [
    "InvariantDetector",
    "InvariantInterpolatingClassifier",
    "InvariantNetwork",
    "ShiftGroup",
    "fit",
    "least_widths",
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
