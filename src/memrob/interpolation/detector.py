"""The neurons that detect one class, and what they say of points."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

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
from memrob.numerics.packed import LANES
from memrob.numerics.ranked import masked_margins

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
        Packed masks u = 1 - Phi(x*); of order cluster 1 where Phi is 0 at a whole cluster.
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
            fires[rows] = self._fired(features).T
        return fires

    def detects(self, X: np.ndarray) -> np.ndarray:
        """Whether some neuron fires at each point: (N, d) float32 -> (N,) bool."""
        detected = np.empty(len(X), dtype=bool)
        for rows, features in self.feature_blocks(X):
            detected[rows] = self.detected(features)
        return detected

    def detected(self, features: Features) -> np.ndarray:
        """Whether some neuron fires at each point of a block of features: (size,) bool."""
        return self.margins(features, 0) > 0

    def margins(self, features: Features, floor: float) -> np.ndarray:
        """Largest m - <u, Phi(x)> over the neurons, at each point of a block of features.

        Parameters
        ----------
        features : PackedFeatures or (size, n) float32
            As `feature_blocks` gives them.
        floor : int or float
            Margins below it are raised to it; the higher it is, the less has to be counted.

        Returns
        -------
        (size,) int64, or float64 for ReLU
            Positive iff some neuron fires.
        """
        if self._is_relu:
            margins = np.full(len(features), float(floor))
            for first in range(0, self.width, LARGEST_BLOCK):
                neurons = slice(first, first + LARGEST_BLOCK)
                masks = unpack_words(self.mask_words[neurons], self.layer.width)
                sums = relu.sums(features, masks)
                np.maximum(margins, (self.thresholds[neurons] - sums).max(axis=1), out=margins)
            return margins
        margins = np.full(len(features.tiles) * LANES, floor)
        masked_margins(
            features.tiles, 0, len(features.tiles), self.mask_words, self.thresholds, margins
        )
        return margins[: features.class_sizes[0]]

    @property
    def least_margin(self) -> float:
        """What no margin is below: -n, and for ReLU minus infinity."""
        return -np.inf if self._is_relu else -self.layer.width

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

    def _fired(self, features: Features) -> np.ndarray:
        # Whether each neuron fires at each point of a block: (m, size) bool.
        if self._is_relu:
            return (relu.sums(features, self.masks) < self.thresholds).T
        return fired_members(features, 0, self.mask_words, self.thresholds)
