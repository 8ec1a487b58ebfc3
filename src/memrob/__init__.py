"""Replication of Finke, *Memorization capacity and robustness of neural networks* (2026)."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

PUBLIC = {
    "InterpolatingClassifier": "memrob.interpolation.estimator",
    "InvariantInterpolatingClassifier": "memrob.convolution.estimator",
    "lipschitz_bracket": "memrob.lipschitz.targets",
}
"""Names that can be imported from here, and their modules, which are loaded when asked for."""


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *PUBLIC])
