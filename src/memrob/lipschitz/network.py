"""A ReLU network, and its gradients in plain NumPy."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ReluNetwork:
    """Phi(x) = W_L relu(W_{L-1} ... relu(W_0 x + b_0) ... + b_{L-1}) + b_L, from R^d to R^K.

    Attributes
    ----------
    weights : tuple of ndarray of float64
        W_0 (N_1, d), W_1 (N_2, N_1), ..., W_L (K, N_L); W_0 (K, d) alone for an affine function.
    biases : tuple of ndarray of float64
        b_0 (N_1,), ..., b_L (K,).

    Notes
    -----
    Searches, bounds and exact values are for K = 1 unless they say otherwise: calling the network
    gives its first output, and `gradients` are those of the first output.
    """

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]

    @property
    def input_dim(self) -> int:
        """Dimension d of the input."""
        return self.weights[0].shape[1]

    @property
    def n_outputs(self) -> int:
        """Number K of outputs."""
        return len(self.biases[-1])

    @property
    def depth(self) -> int:
        """Number L of hidden layers."""
        return len(self.weights) - 1

    @property
    def widths(self) -> tuple[int, ...]:
        """Widths of the hidden layers."""
        return tuple(len(bias) for bias in self.biases[:-1])

    @property
    def is_homogeneous(self) -> bool:
        """Whether every hidden bias is zero: then Phi(ax) - b_L = a (Phi(x) - b_L) for a > 0."""
        return not any(bias.any() for bias in self.biases[:-1])

    def pre_activations(self, X: np.ndarray) -> list[np.ndarray]:
        """Pre-activations of the hidden layers, (M, N_l) each, at points X (M, d)."""
        found, hidden = [], X
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            found.append(hidden @ weight.T + bias)
            hidden = np.maximum(found[-1], 0)
        return found

    def outputs(self, X: np.ndarray) -> np.ndarray:
        """All outputs at points X (M, d), shape (M, K)."""
        hidden = np.maximum(self.pre_activations(X)[-1], 0) if self.depth else X
        return hidden @ self.weights[-1].T + self.biases[-1]

    def __call__(self, X: np.ndarray) -> np.ndarray:
        """First output at points X (M, d), shape (M,)."""
        return self.outputs(X)[:, 0]

    def activation_patterns(self, X: np.ndarray) -> list[np.ndarray]:
        """Which neurons are active, pre-activation above 0, at points X (M, d): bool (M, N_l)."""
        return [found > 0 for found in self.pre_activations(X)]

    def backwards(self, rows: np.ndarray, patterns: list[np.ndarray]) -> np.ndarray:
        """Gradients of combinations of the last hidden layer, one pattern for each.

        Parameters
        ----------
        rows : ndarray of float64, shape (M, N_L)
            Coefficients of the last hidden layer's activations, such as rows of W_L.
        patterns : list of ndarray of bool, shape (M, N_l)
            Active neurons of each hidden layer; no point need have them.

        Returns
        -------
        ndarray of float64, shape (M, d)
        """
        for weight, active in zip(reversed(self.weights[:-1]), reversed(patterns), strict=True):
            rows = (rows * active) @ weight
        return rows

    def jacobians(self, patterns: list[np.ndarray]) -> np.ndarray:
        """Gradients (M, d) of the first output for M patterns, as of `backwards`."""
        count = len(patterns[0]) if patterns else 1
        return self.backwards(np.repeat(self.weights[-1][:1], count, axis=0), patterns)

    def gradients(self, X: np.ndarray) -> np.ndarray:
        """Gradients of the first output at points X (M, d), shape (M, d).

        A neuron at exactly 0 counts as inactive.
        """
        if not self.depth:
            return np.repeat(self.weights[0][:1], len(X), axis=0)
        return self.jacobians(self.activation_patterns(X))

    def output(self, k: int) -> "ReluNetwork":
        """Output k alone."""
        *weights, last = self.weights
        *biases, offset = self.biases
        return ReluNetwork((*weights, last[[k]]), (*biases, offset[[k]]))

    def margin(self, a: int, b: int) -> "ReluNetwork":
        """The function Phi_a - Phi_b; the difference of the last layer's rows is rounded."""
        *weights, last = self.weights
        *biases, offset = self.biases
        return ReluNetwork((*weights, last[[a]] - last[[b]]), (*biases, offset[[a]] - offset[[b]]))
