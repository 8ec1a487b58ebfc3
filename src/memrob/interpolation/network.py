"""The interpolating network: construction, prediction and what is counted of it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from memrob.errors import UserError
from memrob.interpolation import relu
from memrob.interpolation.adaptive import sample_until_separated
from memrob.interpolation.device import Backend, backend_of, choose_device
from memrob.interpolation.first_layer import (
    FirstLayer,
    PackedFeatures,
    evenly_splitting_first,
    sample_first_layer,
    threshold_features,
)
from memrob.interpolation.reference_order import second_layer_in_reference_order
from memrob.interpolation.second_layer import LARGEST_BLOCK, SecondLayer, fired_members
from memrob.numerics.twins import unpack_words

ORDERS = ("permutation", "reference")
ACTIVATIONS = ("threshold", "relu")
LARGEST_FIRST_WIDTH = 1 << 30
LARGEST_MAX_BIAS = 1e30


@dataclass(frozen=True)
class Detector:
    """Second-layer neurons of one class: the class is detected iff some neuron fires.

    Attributes
    ----------
    label : int
        The class that plays X-.
    layer : FirstLayer
        The hyperplanes, n of them.
    activation : {"threshold", "relu"}
        Activation of both layers.
    candidates : (m,) int64
        Rows of the training data of the points that made the neurons, in order of creation.
    mask_words : (m, n_words) uint64
        Packed masks u = 1 - Phi(x*).
    thresholds : (m,) int64 or float64
        Minima m over X+.
    n_covered, n_members : int
        Points of the class at which a neuron fires, and all of them.
    """

    label: int
    layer: FirstLayer
    activation: str
    candidates: np.ndarray
    mask_words: np.ndarray
    thresholds: np.ndarray
    n_covered: int
    n_members: int

    @property
    def width(self) -> int:
        """Number of neurons."""
        return len(self.candidates)

    @property
    def masks(self) -> np.ndarray:
        """Masks u as a (m, n) boolean matrix."""
        return unpack_words(self.mask_words, self.layer.width)

    def fires(self, X: np.ndarray) -> np.ndarray:
        """Whether each neuron fires at each point: (N, d) float32 -> (N, m) bool."""
        if self.activation == "relu":
            return relu.fires(self.layer, self.masks, self.thresholds, X)
        features = threshold_features(self.layer, X, [np.arange(len(X))])
        return self._fired(features, slice(0, self.width)).T

    def detects(self, X: np.ndarray) -> np.ndarray:
        """Whether some neuron fires at each point: (N, d) float32 -> (N,) bool."""
        if self.activation == "relu":
            return self.fires(X).any(axis=1)
        features = threshold_features(self.layer, X, [np.arange(len(X))])
        detected = np.zeros(len(X), dtype=bool)
        for first in range(0, self.width, LARGEST_BLOCK):
            detected |= self._fired(features, slice(first, first + LARGEST_BLOCK)).any(axis=0)
        return detected

    def _fired(self, features: PackedFeatures, neurons: slice) -> np.ndarray:
        return fired_members(features, 0, self.mask_words[neurons], self.thresholds[neurons])


@dataclass(frozen=True)
class Network:
    """A constructed network, F of [M], Algorithm 1, one-vs-rest for more than two classes.

    Attributes
    ----------
    layer : FirstLayer
        The first layer, which all detectors share; hyperplanes that split the training data most
        evenly come first.
    labels : (n_classes,) int64
        Labels in ascending order.
    detectors : list of Detector
        For two classes the one of the larger label, which plays X-; else one a class.
    n_samples : int
        Number of training points N.
    """

    layer: FirstLayer
    labels: np.ndarray
    detectors: list[Detector]
    n_samples: int

    @property
    def weights(self) -> np.ndarray:
        """Weights of the first layer, (n, d) float32."""
        return self.layer.weights

    @property
    def biases(self) -> np.ndarray:
        """Biases of the first layer, (n,) float32."""
        return self.layer.biases

    @property
    def second_width(self) -> int:
        """Number of neurons of all second layers."""
        return sum(self.second_width_per_class)

    @property
    def second_width_per_class(self) -> list[int]:
        """Number of neurons of each detector."""
        return [detector.width for detector in self.detectors]

    @cached_property
    def covered(self) -> float:
        """Fraction of the points of the detected classes at which their detector fires."""
        members = sum(detector.n_members for detector in self.detectors)
        return sum(detector.n_covered for detector in self.detectors) / members

    @cached_property
    def accuracy(self) -> float:
        """Accuracy on the training data, the published score.

        No neuron fires outside its class, so the points that are classified correctly are the
        covered ones and those that the rule for no detection gives their label: X+ for two
        classes, the uncovered points of the last class for more.
        """
        correct = sum(detector.n_covered for detector in self.detectors)
        if len(self.labels) == 2:
            correct += self.n_samples - self.detectors[0].n_members
        else:
            correct += self.detectors[-1].n_members - self.detectors[-1].n_covered
        return correct / self.n_samples

    @property
    def interpolates(self) -> bool:
        """Whether the accuracy on the training data is exactly 1, as published trials count."""
        return self.accuracy == 1

    @property
    def n_parameters(self) -> int:
        """N (d + 1) + second_width (n + 1) + one output bias a detector."""
        n, d = self.weights.shape
        return n * (d + 1) + self.second_width * (n + 1) + len(self.detectors)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Labels of points: (N, d) float32 -> (N,) int64.

        The highest-numbered class whose detector fires. If none fires, the class without a
        detector for two classes, and the highest-numbered one for more.
        """
        X = _points(X)
        if X.shape[1] != self.weights.shape[1]:
            raise UserError(
                f"X: has {X.shape[1]} columns; the network takes {self.weights.shape[1]}"
            )
        default = self.labels[0] if len(self.labels) == 2 else self.labels[-1]
        prediction = np.full(len(X), default)
        for detector in self.detectors:
            prediction[detector.detects(X)] = detector.label
        return prediction


def fit(
    X: np.ndarray,
    y: np.ndarray,
    *,
    first_width: int,
    max_bias: float,
    seed: int,
    order: str = "permutation",
    activation: str = "threshold",
    adaptive: bool = False,
    device: str = "cpu",
) -> Network:
    """Construct a network that interpolates the data if its first layer separates them.

    Parameters
    ----------
    X : (N, d) float32
        Points, at least two classes, no point in two of them.
    y : (N,) int
        Labels.
    first_width : int
        Number of hyperplanes n; with `adaptive`, the least number.
    max_bias : float
        Maximal bias lambda, of the order of the radius of the data.
    seed : int
        Seed of `numpy.random.default_rng`.
    order : {"permutation", "reference"}
        How candidates are drawn; "reference" replays the published trials.
    activation : {"threshold", "relu"}
        Activation of both layers.
    adaptive : bool
        Sample hyperplanes until every two points of different classes are separated in both
        directions; the network then always interpolates.
    device : {"cpu", "cuda", "auto"}
        Where both layers are computed: on the processor, with torch on a graphics card (order
        permutation and activation threshold only), or there if that is possible. Random numbers
        are drawn on the processor in any case, and so is the search of the adaptive form.

    Returns
    -------
    Network

    Raises
    ------
    UserError
        For an argument out of range, a device that cannot be used, or when the adaptive form
        finds no separation.

    References
    ----------
    [M] Algorithm 1.
    """
    _check_arguments(first_width, max_bias, seed, order, activation)
    backend = backend_of(choose_device(device, order, activation))
    X = _points(X)
    y = np.asarray(y)
    if y.shape != (len(X),) or not np.issubdtype(y.dtype, np.integer):
        raise UserError(
            f"y: has shape {y.shape} and type {y.dtype}; one integer label for each of the "
            f"{len(X)} points is needed"
        )
    labels = np.unique(y)
    if len(labels) < 2:
        raise UserError(f"y: holds one class only ({labels.tolist()}); two or more are needed")
    classes = [np.flatnonzero(y == label) for label in labels]
    rng = np.random.default_rng(seed)
    if adaptive:
        layer = sample_until_separated(rng, X, classes, first_width, max_bias)
    else:
        layer = sample_first_layer(rng, first_width, X.shape[1], max_bias)
    layer = evenly_splitting_first(layer, X)
    features = backend.threshold_features(layer, X, classes)
    detected = [1] if len(labels) == 2 else range(len(labels))
    if activation == "relu":
        seconds = _relu_second_layers(rng, layer, X, classes, detected)
    else:
        seconds = _second_layers(rng, features, detected, order, backend)
    detectors = [
        Detector(
            label=int(labels[k]),
            layer=layer,
            activation=activation,
            candidates=classes[k][second.candidates],
            mask_words=features.complement_masks(k, second.candidates),
            thresholds=second.thresholds,
            n_covered=second.n_covered,
            n_members=len(classes[k]),
        )
        for k, second in zip(detected, seconds, strict=True)
    ]
    return Network(layer, labels, detectors, len(X))


def _points(X: np.ndarray) -> np.ndarray:
    X = np.ascontiguousarray(X, dtype=np.float32)
    if X.ndim != 2 or X.shape[1] == 0:
        raise UserError(f"X: has shape {X.shape}; one row a point and at least one column needed")
    if X.size and not np.isfinite([X.min(), X.max()]).all():
        raise UserError("X: holds values that are not finite numbers")
    return X


def _second_layers(rng, features, detected, order, backend: Backend) -> list[SecondLayer]:
    # For the order "permutation" each class has a generator of its own, for "reference" all start
    # from the state in which the first layer left the one there is.
    if order == "reference":
        return [second_layer_in_reference_order(features, k, rng) for k in detected]
    streams = rng.spawn(len(features.class_sizes))
    return [backend.second_layer(features, k, streams[k]) for k in detected]


def _relu_second_layers(rng, layer, X, classes, detected) -> list[SecondLayer]:
    streams = rng.spawn(len(classes))
    hidden = relu.relu_features(layer, X)
    return [relu.second_layer(hidden, classes, k, streams[k]) for k in detected]


def _check_arguments(first_width, max_bias, seed, order, activation) -> None:
    if first_width < 1:
        raise UserError(f"first_width: is {first_width}; it must be at least 1")
    if first_width > LARGEST_FIRST_WIDTH:
        raise UserError(f"first_width: is {first_width}; no machine has the memory for so many")
    if not 0 <= max_bias < np.inf:
        raise UserError(f"max_bias: is {max_bias}; it must be a finite number >= 0")
    if max_bias > LARGEST_MAX_BIAS:
        raise UserError(f"max_bias: is {max_bias}; it must be at most 1e30, as float32 ends there")
    if seed < 0:
        raise UserError(f"seed: is {seed}; it must be at least 0")
    if order not in ORDERS:
        raise UserError(f"order: is {order!r}; it must be one of {', '.join(ORDERS)}")
    if activation not in ACTIVATIONS:
        raise UserError(
            f"activation: is {activation!r}; it must be one of {', '.join(ACTIVATIONS)}"
        )
    if order == "reference" and activation == "relu":
        raise UserError(
            "order: reference replays threshold networks only; use permutation with activation relu"
        )
