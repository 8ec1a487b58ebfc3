"""The interpolating network: construction, prediction and what is counted of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from memrob.errors import UserError
from memrob.interpolation.detector import Detector, Features
from memrob.interpolation.first_layer import FirstLayer

DECISIONS = ("detection", "margin")


@dataclass(frozen=True)
class Network:
    """A constructed network, F of [M], Algorithm 2, one-vs-rest for more than two classes.

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
    decision : {"detection", "margin"}
        "detection", as published: the highest class whose detector fires, else a default. "margin"
        (own), for more than two classes: the class whose largest m - <u, Phi(x)> is the largest,
        of several the lowest. The two agree where exactly one detector fires.
    n_correct : int, optional
        Training points that are labelled correctly; it need not be counted where no neuron fires
        outside its class and decisions are detections.
    """

    layer: FirstLayer
    labels: np.ndarray
    detectors: list[Detector]
    n_samples: int
    decision: str = "detection"
    n_correct: int | None = None

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
        if self.n_correct is not None:
            return self.n_correct / self.n_samples
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

        By detection, the highest-numbered class whose detector fires; if none fires, the class
        without a detector for two classes, and the highest-numbered one for more.
        """
        if self.decision == "margin" and len(self.detectors) > 1:
            return self.labels[self.margins(X).argmax(axis=1)]
        return self.decided(self.detections(X))

    def margins(self, X: np.ndarray) -> np.ndarray:
        """Largest (m - <u, Phi(x)>) / n of each detector: (N, d) -> (N, n_detectors) float64.

        Positive iff the detector fires. For threshold activation it lies in [-1, 1], and is -1 for
        a detector without neurons.
        """
        margins = self._of_detectors(X, lambda each, of: each.margins(of, each.least_margin), float)
        return margins / self.layer.width

    def detections(self, X: np.ndarray) -> np.ndarray:
        """Whether each detector fires at each point: (N, d) float32 -> (N, n_detectors) bool.

        The first layer, at which all detectors look, is computed once.
        """
        return self._of_detectors(X, Detector.detected, bool)

    def _of_detectors(
        self, X: np.ndarray, value: Callable[[Detector, Features], np.ndarray], dtype: type
    ) -> np.ndarray:
        X = checked_points(X)
        if X.shape[1] != self.input_dim:
            raise UserError(f"X: has {X.shape[1]} columns; the network takes {self.input_dim}")
        values = np.empty((len(X), len(self.detectors)), dtype)
        for rows, features in self.detectors[0].feature_blocks(X):
            for k, detector in enumerate(self.detectors):
                values[rows, k] = value(detector, features)
        return values

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
    try:
        X = np.asarray(X)
        if X.dtype.kind not in "biufO":
            raise TypeError(f"has type {X.dtype}")
        with np.errstate(over="ignore"):
            X = np.ascontiguousarray(X, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise UserError(f"X: is no array of real numbers ({error})") from error
    if X.ndim != 2 or X.shape[1] == 0:
        raise UserError(f"X: has shape {X.shape}; one row per point and at least one column needed")
    if X.size and not np.isfinite([X.min(), X.max()]).all():
        raise UserError("X: holds values that are not finite numbers in single precision")
    return X
