"""A ReLU network with one output a class: scores, margins, and what rounding may do to them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.upper.rounding import gamma


@dataclass(frozen=True)
class Classifier:
    """f(x) = W_L relu(... relu(W_0 x + b_0) ...) + b_L from R^d to R^K; the largest score wins.

    Attributes
    ----------
    weights : tuple of ndarray of float64
        W_0 (N_1, d), ..., W_L (K, N_L).
    biases : tuple of ndarray of float64
        b_0 (N_1,), ..., b_L (K,).
    """

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]

    @classmethod
    def from_parameters(cls, parameters: Sequence[np.ndarray]) -> "Classifier":
        """Classifier with parameters W_0, b_0, W_1, b_1, ..., in any precision.

        Raises
        ------
        UserError
            If they are not finite or do not fit together, or the network has fewer than two
            outputs.
        """
        arrays = [np.asarray(array, dtype=np.float64) for array in parameters]
        weights, biases = tuple(arrays[::2]), tuple(arrays[1::2])
        dims = [len(bias) for bias in biases]
        shapes = [(n, m) for n, m in zip(dims[1:], dims, strict=False)]
        if len(weights) != len(biases) or [w.shape for w in weights[1:]] != shapes:
            raise UserError("parameters: do not fit together; give W0, b0, W1, b1, ... in turn")
        if weights[0].ndim != 2 or len(weights[0]) != dims[0]:
            raise UserError("parameters: W0 must have a row for each entry of b0")
        if dims[-1] < 2:
            raise UserError(f"parameters: {dims[-1]} output; a classifier needs one for each class")
        if not all(np.isfinite(array).all() for array in arrays):
            raise UserError("parameters: some are not finite; train with a smaller step")
        return cls(weights, biases)

    @property
    def input_dim(self) -> int:
        """Dimension d of the input."""
        return self.weights[0].shape[1]

    @property
    def depth(self) -> int:
        """Number L of hidden layers."""
        return len(self.weights) - 1

    @property
    def n_classes(self) -> int:
        """Number K of outputs."""
        return len(self.biases[-1])

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Outputs f at points X (M, d), shape (M, K)."""
        hidden = X
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            hidden = np.maximum(hidden @ weight.T + bias, 0)
        return hidden @ self.weights[-1].T + self.biases[-1]

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Class of the largest score, the first of several, at points X (M, d)."""
        return self.scores(X).argmax(axis=1)

    def margins(self, X: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """f_a - f_b at points X (M, d) with labels a (M,), for each class b: (M, K), inf at a."""
        return margins_of(self.scores(X), labels)

    def margin_errors(self, X: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Upper bounds (M, K) of what rounding changes `margins` by at points X (M, d).

        A sum of n products errs by at most gamma(n) times the sum of their sizes, and errors of
        one layer pass to the next through the sizes of its weights (N. J. Higham, *Accuracy*,
        section 3.1). The bound grows with the sizes of the coordinates of X.
        """
        sizes = Classifier(
            tuple(np.abs(weight) for weight in self.weights),
            tuple(np.abs(bias) for bias in self.biases),
        ).scores(np.abs(X))
        own = np.take_along_axis(sizes, labels[:, None], axis=1)
        return 2 * gamma(sum(weight.shape[1] + 4 for weight in self.weights)) * (sizes + own)

    def changed(self, X: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Whether another class has a larger score than the label's, whatever rounding did."""
        return (self.margins(X, labels) < -self.margin_errors(X, labels)).any(axis=1)

    def certain_margins(self, X: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Lower bounds (M, K) of the exact margins; inf at the label."""
        return self.margins(X, labels) - self.margin_errors(X, labels)

    def margin_gradients(self, X: np.ndarray, labels: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Gradients (M, d) of f_a - f_b at points X (M, d) with labels a and other classes b."""
        active, hidden = [], X
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            hidden = np.maximum(hidden @ weight.T + bias, 0)
            active.append(hidden > 0)
        rows = self.weights[-1][labels] - self.weights[-1][others]
        for weight, mask in zip(reversed(self.weights[:-1]), reversed(active), strict=True):
            rows = (rows * mask) @ weight
        return rows

    def margin_network(self, a: int, b: int) -> ReluNetwork:
        """The function f_a - f_b."""
        *weights, last = self.weights
        *biases, offset = self.biases
        return ReluNetwork(
            (*weights, (last[a] - last[b])[None]), (*biases, (offset[a] - offset[b])[None])
        )


def margins_of(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Score of the label minus each score (M, K); inf at the label."""
    rows = np.arange(len(scores))
    margins = scores[rows, labels][:, None] - scores
    margins[rows, labels] = np.inf
    return margins
