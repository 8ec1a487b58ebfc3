"""The interpolating network: construction, prediction and what is counted of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from memrob.errors import UserError
from memrob.interpolation import relu
from memrob.interpolation.first_layer import (
    POINTS_A_BLOCK,
    FirstLayer,
    PackedFeatures,
    threshold_features,
    words_of,
)
from memrob.interpolation.second_layer import LARGEST_BLOCK, fired_members
from memrob.numerics.bits import unpack_words

BYTES_A_BLOCK = 1 << 27
"""Features that are held at a time for prediction, about."""

Features = PackedFeatures | np.ndarray
"""Packed features of one class for threshold activation, (size, n) float32 for ReLU."""


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
        fires = np.empty((len(X), self.width), dtype=bool)
        for rows, features in self.feature_blocks(X):
            fires[rows] = self._fired(features, slice(0, self.width)).T
        return fires

    def detects(self, X: np.ndarray) -> np.ndarray:
        """Whether some neuron fires at each point: (N, d) float32 -> (N,) bool."""
        detected = np.empty(len(X), dtype=bool)
        for rows, features in self.feature_blocks(X):
            detected[rows] = self.detected(features)
        return detected

    def detected(self, features: Features) -> np.ndarray:
        """Whether some neuron fires at each point of a block of features: (size,) bool."""
        detected = False
        for first in range(0, max(self.width, 1), LARGEST_BLOCK):
            detected |= self._fired(features, slice(first, first + LARGEST_BLOCK)).any(axis=0)
        return detected

    def feature_blocks(self, X: np.ndarray) -> Iterator[tuple[slice, Features]]:
        """First layer of many points, a block of rows at a time, as all detectors see it."""
        n_bytes = 4 * self.layer.width if self._is_relu else 8 * words_of(self.layer.width)
        size = POINTS_A_BLOCK * max(1, BYTES_A_BLOCK // (n_bytes * POINTS_A_BLOCK))
        for first in range(0, len(X), size):
            block = X[first : first + size]
            rows = slice(first, first + len(block))
            if self._is_relu:
                yield rows, relu.relu_features(self.layer, block)
            else:
                yield rows, threshold_features(self.layer, block, [np.arange(len(block))])

    @property
    def _is_relu(self) -> bool:
        return self.activation == "relu"

    def _fired(self, features: Features, neurons: slice) -> np.ndarray:
        if self._is_relu:
            masks = unpack_words(self.mask_words[neurons], self.layer.width)
            return relu.fires(features, masks, self.thresholds[neurons]).T
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
        For two classes the one of the class that plays X-, the larger label unless the roles were
        exchanged; else one for each class.
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
    def input_dim(self) -> int:
        """Numbers of a point, d."""
        return self.weights.shape[1]

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
        """Weights and biases: n (d + 1) + second_width (n + 1) + one output bias a detector."""
        n, d = self.weights.shape
        return n * (d + 1) + self.second_width * (n + 1) + len(self.detectors)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Labels of points: (N, d) float32 -> (N,) int64.

        The highest-numbered class whose detector fires. If none fires, the class without a
        detector for two classes, and the highest-numbered one for more.
        """
        return self.decided(self.detections(X))

    def detections(self, X: np.ndarray) -> np.ndarray:
        """Whether each detector fires at each point: (N, d) float32 -> (N, n_detectors) bool.

        The first layer, at which all detectors look, is computed once.
        """
        X = checked_points(X)
        if X.shape[1] != self.input_dim:
            raise UserError(f"X: has {X.shape[1]} columns; the network takes {self.input_dim}")
        detections = np.empty((len(X), len(self.detectors)), dtype=bool)
        for rows, features in self.detectors[0].feature_blocks(X):
            for k, detector in enumerate(self.detectors):
                detections[rows, k] = detector.detected(features)
        return detections

    def decided(self, detections: np.ndarray) -> np.ndarray:
        """Labels that follow from which detectors fire: (N, n_detectors) bool -> (N,) int64."""
        labels = np.array([detector.label for detector in self.detectors])
        last = len(labels) - 1 - detections[:, ::-1].argmax(axis=1)
        return np.where(detections.any(axis=1), labels[last], self.default)

    @property
    def default(self) -> int:
        """Label of points at which no detector fires."""
        if len(self.labels) == 2:
            return int(self.labels[self.labels != self.detectors[0].label][0])
        return int(self.labels[-1])


def checked_points(X: np.ndarray) -> np.ndarray:
    """Points as a contiguous (N, d) float32 array; a UserError if they are not finite points."""
    X = np.ascontiguousarray(X, dtype=np.float32)
    if X.ndim != 2 or X.shape[1] == 0:
        raise UserError(f"X: has shape {X.shape}; one row a point and at least one column needed")
    if X.size and not np.isfinite([X.min(), X.max()]).all():
        raise UserError("X: holds values that are not finite numbers")
    return X
