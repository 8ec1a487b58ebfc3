"""A ReLU network with one output a class: scores, margins, and what rounding may do to them."""

from collections.abc import Sequence

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.upper.rounding import gamma


class Classifier(ReluNetwork):
    """A ReLU network f from R^d to R^K, K >= 2; the largest score f_a(x) wins."""

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

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Class of the largest score, the first of several, at points X (M, d)."""
        return self.outputs(X).argmax(axis=1)

    def margins(self, X: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """f_a - f_b at points X (M, d) with labels a (M,), for each class b: (M, K), inf at a."""
        return margins_of(self.outputs(X), labels)

    def margin_errors(self, X: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Upper bounds (M, K) of what rounding changes `margins` by at points X (M, d).

        A sum of n products errs by at most gamma(n) times the sum of their sizes, and errors of
        one layer pass to the next through the sizes of its weights (N. J. Higham, *Accuracy*,
        section 3.1). The bound grows with the sizes of the coordinates of X.
        """
        sizes = ReluNetwork(
            tuple(np.abs(weight) for weight in self.weights),
            tuple(np.abs(bias) for bias in self.biases),
        ).outputs(np.abs(X))
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
        rows = self.weights[-1][labels] - self.weights[-1][others]
        return self.backwards(rows, self.activation_patterns(X))


def margins_of(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Score of the label minus each score (M, K); inf at the label."""
    rows = np.arange(len(scores))
    margins = scores[rows, labels][:, None] - scores
    margins[rows, labels] = np.inf
    return margins
