"""Networks and fitted estimators in files: safetensors, which hold arrays and text, no code.

Arrays: ``weights`` (n, d) and ``biases`` (n,) float32; ``labels`` (n_classes,) int64; and for
detector k = 0, 1, ... ``candidates.k`` (m,) int64, ``masks.k`` (m, ceil(n / 8)) uint8, eight
hyperplanes a byte, the first one in the lowest bit, and ``thresholds.k`` (m,), int64 for threshold
and float64 for relu activation. The metadata have one key, ``memrob.interpolation``, and under it a
JSON object with ``version``: with several, safetensors writes them in an order that changes. Its
``sha256`` is the checksum of the rest of the object and of all arrays; files without it are read.
"""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from memrob.errors import UserError
from memrob.interpolation.arguments import ACTIVATIONS
from memrob.interpolation.first_layer import FirstLayer, words_of
from memrob.interpolation.network import DECISIONS, Detector, Network
from memrob.interpolation.saved_estimator import describe_estimator, restore_estimator
from memrob.numerics.archives import require_file
from memrob.numerics.files import whole_file

VERSION = 2
READABLE = (1, 2)
"""Version 1 has no rule of decision: detections."""

# What reading a description and arrays raises that `save` did not write.
DAMAGES = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Format:
    """Files of networks of one kind.

    Attributes
    ----------
    key : str
        Key of the metadata, the package whose `save` writes them.
    network, detector : type
        Classes of what is written and read.
    estimator : callable
        Gives the class of the estimators; it is imported only then.
    describe_layer : callable
        What of a first layer is not in its arrays, as an object for JSON.
    restore_layer : callable
        First layer of weights, biases and a description; it may raise any of `DAMAGES`.
    """

    key: str
    network: type[Network]
    detector: type[Detector]
    estimator: Callable[[], type]
    describe_layer: Callable[[FirstLayer], dict]
    restore_layer: Callable[[np.ndarray, np.ndarray, dict], FirstLayer]

    @property
    def expected(self) -> str:
        """What a file should be, for messages."""
        return f"a network saved by {self.key}.save"

    def save(self, path: str | os.PathLike, network) -> None:
        """Write a network or a fitted estimator; see `memrob.interpolation.save`."""
        if not isinstance(path, str | os.PathLike):
            found = type(path).__name__
            raise UserError(f"path: is no path but of type {found}; it comes before the network")
        if type(network) is self.network:
            inner, estimator = network, None
        elif isinstance(network, self.estimator()):
            estimator = describe_estimator(path, network)
            inner = network.network_
        else:
            kinds = either(self.network, self.estimator())
            raise UserError(f"{path}: takes {kinds}, not {type(network).__name__}")
        description = {
            "version": VERSION,
            **_description(inner),
            **self.describe_layer(inner.layer),
            "estimator": estimator,
        }
        arrays = _arrays(inner)
        description["sha256"] = _checksum(description, arrays)
        metadata = {self.key: json.dumps(description)}
        try:
            with whole_file(path) as part:
                save_file(arrays, part, metadata)
        except (OSError, SafetensorError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UserError(f"{path}: cannot be written ({reason})") from error

    def load(self, path: str | os.PathLike):
        """Read what `save` wrote; see `memrob.interpolation.load`."""
        path = Path(path)
        require_file(path, self.expected)
        try:
            description, arrays = self._read(path)
            network = self._network(description, arrays)
            saved = description["estimator"]
            if saved is None:
                return network
            return restore_estimator(saved, network, self.estimator())
        except OSError as error:
            raise UserError(f"{path}: cannot be read ({error.strerror or error})") from error
        except DAMAGES as error:
            reason = f"{type(error).__name__}: {error}".partition("\n")[0]
            raise UserError(
                f"{path}: expected {self.expected}, found a damaged one ({reason})"
            ) from error

    def _read(self, path: Path) -> tuple[dict, dict[str, np.ndarray]]:
        try:
            with safe_open(path, framework="numpy") as file:
                metadata = file.metadata() or {}
                if self.key not in metadata:
                    raise UserError(f"{path}: expected {self.expected}, found other safetensors")
                description = json.loads(metadata[self.key])
                _require_version(path, description["version"])
                return description, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except SafetensorError as error:
            raise UserError(
                f"{path}: expected {self.expected}, found a truncated or other file ({error})"
            ) from error

    def _network(self, description: dict, arrays: dict[str, np.ndarray]) -> Network:
        found = description.pop("sha256", None)
        if found is not None and found != _checksum(description, arrays):
            raise ValueError("its content is not what was written, by its checksum")
        weights = _checked(arrays, "weights", np.float32, (None, None))
        biases = _checked(arrays, "biases", np.float32, (len(weights),))
        layer = self.restore_layer(weights, biases, description)
        labels = _checked(arrays, "labels", np.int64, (None,))
        activation = description["activation"]
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation is {activation!r}")
        detectors = [
            self._detector(k, about, layer, activation, arrays)
            for k, about in enumerate(description["detectors"])
        ]
        detected = [detector.label for detector in detectors]
        # Of two classes either may have the detector, see `swap` of `memrob.interpolation.fit`.
        expected = [[k] for k in labels.tolist()] if len(labels) == 2 else [labels.tolist()]
        if detected not in expected or len(labels) < 2:
            raise ValueError("labels and detectors disagree")
        decision, n_correct = description.get("decision", "detection"), description.get("n_correct")
        if decision not in DECISIONS:
            raise ValueError(f"decision is {decision!r}")
        n_correct = None if n_correct is None else int(n_correct)
        n_samples = int(description["n_samples"])
        _require_counts(n_samples, detectors, n_correct)
        return self.network(layer, labels, detectors, n_samples, decision, n_correct)

    def _detector(self, k, about, layer, activation, arrays) -> Detector:
        candidates = _checked(arrays, f"candidates.{k}", np.int64, (None,))
        m, n_bytes = len(candidates), -(-layer.width // 8)
        masks = np.zeros((m, 8 * words_of(layer.width)), dtype=np.uint8)
        masks[:, :n_bytes] = _checked(arrays, f"masks.{k}", np.uint8, (m, n_bytes))
        kind = np.float64 if activation == "relu" else np.int64
        return self.detector(
            label=int(about["label"]),
            layer=layer,
            activation=activation,
            candidates=candidates,
            mask_words=masks.view("<u8").astype(np.uint64),
            thresholds=_checked(arrays, f"thresholds.{k}", kind, (m,)),
            n_covered=int(about["n_covered"]),
            n_members=int(about["n_members"]),
        )


def either(network: type, estimator: type) -> str:
    """Names of the two classes, with their articles, for messages."""
    names = (network.__name__, estimator.__name__)
    return " or ".join(f"an {name}" if name[0] in "AEIOU" else f"a {name}" for name in names)


def _description(network: Network) -> dict:
    return {
        "activation": network.detectors[0].activation,
        "n_samples": int(network.n_samples),
        "decision": network.decision,
        "n_correct": network.n_correct,
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


def _checksum(description: dict, arrays: dict[str, np.ndarray]) -> str:
    digest = hashlib.sha256(json.dumps(description, sort_keys=True).encode())
    for name, array in sorted(arrays.items()):
        about = f"{name} {array.dtype.name} {array.shape}".encode()
        digest.update(about)
        digest.update(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).data)
    return digest.hexdigest()


def _require_counts(n_samples: int, detectors: list[Detector], n_correct: int | None) -> None:
    for detector in detectors:
        rows = detector.candidates
        if not 0 <= detector.n_covered <= detector.n_members <= n_samples:
            raise ValueError(
                f"{detector.n_covered} of {detector.n_members} points covered of {n_samples}"
            )
        if rows.size and not 0 <= rows.min() <= rows.max() < n_samples:
            raise ValueError(f"candidates are no rows of {n_samples} points")
    if n_correct is not None and not 0 <= n_correct <= n_samples:
        raise ValueError(f"{n_correct} of {n_samples} points correct")


def _require_version(path: Path, version) -> None:
    if version not in READABLE:
        raise UserError(
            f"{path}: has version {version} of the format, and this memrob reads {VERSION} and"
            " older; use the memrob that wrote it"
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


def _estimator() -> type:
    from memrob.interpolation.estimator import InterpolatingClassifier

    return InterpolatingClassifier


FORMAT = Format(
    key="memrob.interpolation",
    network=Network,
    detector=Detector,
    estimator=_estimator,
    describe_layer=lambda layer: {},
    restore_layer=lambda weights, biases, description: FirstLayer(weights, biases),
)


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
    FORMAT.save(path, network)


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
    return FORMAT.load(path)
