"""The translation-invariant network: prediction, and what is counted of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from memrob.convolution.firing import fired_orbits, firing_shifts
from memrob.convolution.first_layer import ConvolutionalLayer, shift_features
from memrob.convolution.group import largest_shifts, representatives
from memrob.interpolation.detector import BYTES_A_BLOCK, Detector
from memrob.interpolation.first_layer import PackedFeatures, words_of
from memrob.interpolation.network import Network


@dataclass(frozen=True)
class InvariantDetector(Detector):
    """Channels of the 1 x 1 layer of one class: it is detected iff one fires at some shift.

    Attributes are those of `memrob.interpolation.Detector`, with filters for hyperplanes, a
    `ConvolutionalLayer` as `layer`, and masks u = 1 - Phi(x*)[:, g*] of canonical signals,
    g* = 0 unless more positions were tried.
    """

    def feature_blocks(self, X: np.ndarray) -> Iterator[tuple[slice, PackedFeatures]]:
        """Features of the representatives of many signals, a block of rows at a time."""
        layer = self.layer
        X = representatives(X, layer.group)
        size = max(1, BYTES_A_BLOCK // (8 * words_of(layer.width) * layer.group.order))
        for first in range(0, len(X), size):
            rows = slice(first, min(first + size, len(X)))
            yield rows, shift_features(layer, X, [np.arange(rows.start, rows.stop)])

    def firing_shifts(self, X: np.ndarray) -> np.ndarray:
        """At which shifts some channel fires: (N, d) -> (N, |S|) bool.

        Entry k of a row is True iff some channel fires at T_g x, g the k-th shift of the group;
        so the pattern that is detected, at its place in a canonical signal, lies shifted by -g in
        x.
        """
        group = self.layer.group
        largest = largest_shifts(X, group)
        out = np.zeros((len(X), group.order), dtype=bool)
        for rows, features in self.feature_blocks(X):
            out[rows] = firing_shifts(features, 0, group.order, self.mask_words, self.thresholds)
        # T_g x is T_(g - h) of the representative T_h x.
        steps = [n // s for n, s in zip(group.grid_shape, group.strides, strict=True)]
        difference = group.shifts[None] - group.shifts[largest][:, None]
        at = np.ravel_multi_index(
            tuple(np.moveaxis(difference // np.array(group.strides), -1, 0)), steps, mode="wrap"
        )
        return np.take_along_axis(out, at, axis=1)

    def margins(self, features: PackedFeatures, floor: float) -> np.ndarray:
        """Largest m - <u, Phi(x)[:, g]> over channels and shifts: (number of signals,) int64."""
        return super().margins(features, floor).reshape(-1, self.layer.group.order).max(axis=1)

    def _fired(self, features: PackedFeatures) -> np.ndarray:
        return fired_orbits(features, 0, self.layer.group.order, self.mask_words, self.thresholds)


@dataclass(frozen=True)
class InvariantNetwork(Network):
    """A convolutional layer, 1 x 1 layers one a detector, global pooling; F(T_g x) = F(x).

    Attributes and what is counted are those of `memrob.interpolation.Network`, with a
    `ConvolutionalLayer` as `layer` and `InvariantDetector` as detectors. `covered`, `accuracy` and
    `interpolates` hold for the training signals at all shifts of the group.
    """

    layer: ConvolutionalLayer
    detectors: list[InvariantDetector]

    @property
    def input_dim(self) -> int:
        """Numbers of a signal, d."""
        return self.layer.input_dim

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Labels of signals: (N, d) float32 -> (N,) int64, by the rule of `Network.predict`.

        Features are computed of the representative of each orbit, so the label of a shifted
        signal is the same whatever rounding does.
        """
        return super().predict(X)
