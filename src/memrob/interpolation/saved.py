"""Networks and fitted estimators in files: safetensors, which hold arrays and text, no code.

Arrays: ``weights`` (n, d) and ``biases`` (n,) float32; ``labels`` (n_classes,) int64; and for
detector k = 0, 1, ... ``candidates.k`` (m,) int64, ``masks.k`` (m, ceil(n / 8)) uint8, eight
hyperplanes a byte, the first one in the lowest bit, and ``thresholds.k`` (m,), int64 for threshold
and float64 for relu activation. The metadata have one key, ``memrob.interpolation``, and under it a
JSON object with ``version``: with several, safetensors writes them in an order that changes.
"""

import json
import os
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from memrob.errors import UserError
from memrob.interpolation.construction import ACTIVATIONS
from memrob.interpolation.first_layer import FirstLayer, words_of
from memrob.interpolation.network import Detector, Network
from memrob.interpolation.saved_estimator import describe_estimator, is_estimator, restore_estimator
from memrob.numerics.archives import require_file
from memrob.numerics.files import whole_file

KEY = "memrob.interpolation"
VERSION = 1
EXPECTED = "a network saved by memrob.interpolation.save"

# What reading a description and arrays raises that `save` did not write.
DAMAGES = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)


def save(path: str | os.PathLike, network) -> None:
    """Write a network, or a fitted estimator, into a file.

    Parameters
    ----------
    path : path
        Its folder is created. The file is replaced only once the new one is whole.
    network : Network or InterpolatingClassifier
        An estimator's labels must be strings, integers, bools or floats. A `random_state` that is
        not an int is saved as None; `seed_`, with which it was fitted, is kept.

    Raises
    ------
    UserError
        In one line, for labels of other types, objects of other types, and if the file cannot be
        written.
    """
    if isinstance(network, Network):
        inner, estimator = network, None
    elif is_estimator(network):
        estimator = describe_estimator(path, network)
        inner = network.network_
    else:
        raise UserError(
            f"{path}: takes a Network or an InterpolatingClassifier, not {type(network).__name__}"
        )
    description = {"version": VERSION, **_description(inner), "estimator": estimator}
    metadata = {KEY: json.dumps(description)}
    try:
        with whole_file(path) as part:
            save_file(_arrays(inner), part, metadata)
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"{path}: cannot be written ({reason})") from error


def load(path: str | os.PathLike):
    """Read what `save` wrote: the same predictions, bit by bit.

    Parameters
    ----------
    path : path

    Returns
    -------
    Network or InterpolatingClassifier
        Whichever was saved.

    Raises
    ------
    UserError
        In one line that names the file, if it is absent, truncated, damaged or another file.
    """
    path = Path(path)
    require_file(path, EXPECTED)
    try:
        description, arrays = _read(path)
        network = _network(description, arrays)
        saved = description["estimator"]
        return network if saved is None else restore_estimator(saved, network)
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from error
    except DAMAGES as error:
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise UserError(f"{path}: expected {EXPECTED}, found a damaged one ({reason})") from error


def _description(network: Network) -> dict:
    return {
        "activation": network.detectors[0].activation,
        "n_samples": int(network.n_samples),
        "detectors": [
            {
                "label": int(detector.label),
                "n_covered": int(detector.n_covered),
                "n_members": int(detector.n_members),
            }
            for detector in network.detectors
        ],
    }


def _arrays(network: Network) -> dict[str, np.ndarray]:
    arrays = {
        "weights": network.weights,
        "biases": network.biases,
        "labels": np.asarray(network.labels, dtype=np.int64),
    }
    n_bytes = -(-network.layer.width // 8)
    for k, detector in enumerate(network.detectors):
        octets = np.ascontiguousarray(detector.mask_words, dtype="<u8").view(np.uint8)
        arrays[f"candidates.{k}"] = detector.candidates
        arrays[f"masks.{k}"] = octets[:, :n_bytes]
        arrays[f"thresholds.{k}"] = detector.thresholds
    # safetensors writes the memory of an array, whatever its strides.
    return {name: np.ascontiguousarray(array) for name, array in arrays.items()}


def _read(path: Path) -> tuple[dict, dict[str, np.ndarray]]:
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            if KEY not in metadata:
                raise UserError(f"{path}: expected {EXPECTED}, found other safetensors")
            description = json.loads(metadata[KEY])
            _require_version(path, description["version"])
            return description, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise UserError(
            f"{path}: expected {EXPECTED}, found a truncated or other file ({error})"
        ) from error


def _require_version(path: Path, version) -> None:
    if version != VERSION:
        raise UserError(
            f"{path}: has version {version} of the format, and this memrob reads {VERSION}; use the"
            " memrob that wrote it"
        )


def _network(description: dict, arrays: dict[str, np.ndarray]) -> Network:
    weights = _checked(arrays, "weights", np.float32, (None, None))
    layer = FirstLayer(weights, _checked(arrays, "biases", np.float32, (len(weights),)))
    labels = _checked(arrays, "labels", np.int64, (None,))
    activation = description["activation"]
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation is {activation!r}")
    detectors = [
        _detector(k, about, layer, activation, arrays)
        for k, about in enumerate(description["detectors"])
    ]
    expected = labels[1:] if len(labels) == 2 else labels
    if [detector.label for detector in detectors] != expected.tolist() or len(labels) < 2:
        raise ValueError("labels and detectors disagree")
    return Network(layer, labels, detectors, int(description["n_samples"]))


def _detector(k, about, layer, activation, arrays) -> Detector:
    candidates = _checked(arrays, f"candidates.{k}", np.int64, (None,))
    m, n_bytes = len(candidates), -(-layer.width // 8)
    masks = np.zeros((m, 8 * words_of(layer.width)), dtype=np.uint8)
    masks[:, :n_bytes] = _checked(arrays, f"masks.{k}", np.uint8, (m, n_bytes))
    kind = np.float64 if activation == "relu" else np.int64
    return Detector(
        label=int(about["label"]),
        layer=layer,
        activation=activation,
        candidates=candidates,
        mask_words=masks.view("<u8").astype(np.uint64),
        thresholds=_checked(arrays, f"thresholds.{k}", kind, (m,)),
        n_covered=int(about["n_covered"]),
        n_members=int(about["n_members"]),
    )


def _checked(arrays, name: str, dtype, shape: tuple[int | None, ...]) -> np.ndarray:
    array = arrays[name]
    fits = len(array.shape) == len(shape) and all(
        length in (None, found) for length, found in zip(shape, array.shape, strict=True)
    )
    if array.dtype != dtype or not fits:
        raise ValueError(f"{name} has type {array.dtype} and shape {array.shape}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"{name} holds values that are not finite numbers")
    return array
