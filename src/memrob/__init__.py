"""Replication of Finke, *Memorization capacity and robustness of neural networks* (2026)."""

from importlib import import_module
<<<<<<< HEAD

__version__ = "0.1.0"

# Imported when first used, since numba, scikit-learn and torch take seconds.
_PUBLIC = {
    "InterpolatingClassifier": ("memrob.interpolation.estimator", "InterpolatingClassifier"),
    "InvariantInterpolatingClassifier": (
        "memrob.convolution.estimator",
        "InvariantInterpolatingClassifier",
    ),
    "lipschitz_bracket": ("memrob.lipschitz.bracket", "bracket"),
}

__all__ = [
    "InterpolatingClassifier",
    "InvariantInterpolatingClassifier",
    "lipschitz_bracket",
]


def __getattr__(name: str):
    if name in _PUBLIC:
        module, attribute = _PUBLIC[name]
        return getattr(import_module(module), attribute)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
=======
from typing import Any

__version__ = "0.1.0"

PUBLIC = {"lipschitz_bracket": "memrob.lipschitz.targets"}
"""Names that can be imported from here, and their modules, which are loaded when asked for."""


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *PUBLIC])
>>>>>>> main
