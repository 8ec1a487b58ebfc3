"""Fitted estimators as JSON: parameters, labels and what else is not in the network's arrays."""

import numpy as np

from memrob.errors import UserError
from memrob.interpolation.network import Network

NUMBERS = {
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64"),
}
PLAIN = (str, bool, int, float)


def describe_estimator(path, estimator) -> dict:
    """What of a fitted estimator is not in its network, as an object that JSON can hold.

    Parameters
    ----------
    path : path
        The file, for messages.
    estimator : ConstructedClassifier

    Raises
    ------
    UserError
        For labels that are no strings, integers, bools or floats, and an estimator without `fit`.
    """
    if not hasattr(estimator, "network_"):
        raise UserError(f"{path}: the estimator is not fitted; call fit before it is saved")
    kind, values = _plain_labels(path, estimator.classes_)
    names = getattr(estimator, "feature_names_in_", None)
    return {
        "parameters": {k: _entry(v) for k, v in estimator.get_params(deep=False).items()},
        "classes": values,
        "classes_type": kind,
        "scale": float(estimator.scale_),
        "seed": int(estimator.seed_),
        "feature_names": None if names is None else [str(name) for name in names],
    }


def restore_estimator(saved: dict, network: Network, estimator_class: type):
    """Make the estimator of this class that `describe_estimator` described.

    Raises
    ------
    LookupError, TypeError, ValueError
        For a description that it did not write.
    """
    estimator = estimator_class(**{k: _parameter(v) for k, v in saved["parameters"].items()})
    classes = _labels(saved["classes_type"], saved["classes"])
    if network.labels.tolist() != list(range(len(classes))):
        raise ValueError("classes and labels disagree")
    scale = float(saved["scale"])
    if not 0 < scale < np.inf:
        raise ValueError(f"scale is {scale}")
    estimator.n_features_in_ = network.input_dim
    if saved["feature_names"] is not None:
        if len(saved["feature_names"]) != estimator.n_features_in_:
            raise ValueError("feature_names and weights disagree")
        estimator.feature_names_in_ = np.array(saved["feature_names"], dtype=object)
    estimator.classes_, estimator.scale_, estimator.seed_ = classes, scale, int(saved["seed"])
    return estimator._with_network(network)


def _plain_labels(path, classes: np.ndarray) -> tuple[str, list]:
    if classes.dtype.name in NUMBERS:
        return classes.dtype.name, classes.tolist()
    if classes.dtype.kind == "U":
        return "str", classes.tolist()
    values = [_plain(value) for value in classes.tolist()]
    for value, label in zip(values, classes.tolist(), strict=True):
        if classes.dtype.kind != "O" or type(value) not in PLAIN:
            raise UserError(
                f"{path}: label {label!r} has type {type(label).__name__}; labels that can be saved"
                " are strings, integers, bools and floats"
            )
    return "object", values


def _entry(value):
    # A sequence of numbers, such as the shape of a grid, is a list in JSON.
    if isinstance(value, tuple | list | np.ndarray):
        return [_plain(each) for each in value]
    return _plain(value)


def _parameter(value):
    return tuple(value) if isinstance(value, list) else value


def _plain(value):
    """Value as the Python object that JSON holds, None if there is none."""
    if isinstance(value, np.generic):
        value = value.item()
    return str(value) if isinstance(value, str) else value if isinstance(value, PLAIN) else None


def _labels(kind: str, values: list) -> np.ndarray:
    if kind not in NUMBERS | {"str", "object"} or {type(v) for v in values} - set(PLAIN):
        raise ValueError(f"classes have type {kind}")
    classes = np.array(values, dtype=kind)
    if classes.tolist() != values:
        raise ValueError(f"classes are no labels of type {kind}")
    return classes
