"""Random ReLU features with a minimum-norm least-squares readout: double descent in closed form.

The features are those of Belkin, Hsu, Ma and Mandal (PNAS 2019), section on random ReLU features.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_solve, cholesky, lapack, lstsq

LEAST_RECIPROCAL_CONDITION = 1e-9
"""Of a Gram matrix that is inverted: about six of sixteen digits are lost beyond it."""


@dataclass(frozen=True)
class Readouts:
    """Minimum-norm readouts of one feature matrix, for several sets of targets.

    Attributes
    ----------
    weights : (p, sets * K) float64
        Readout weights of all sets side by side.
    n_sets : int
        Number of sets of targets.
    """

    weights: np.ndarray
    n_sets: int

    @property
    def norms(self) -> np.ndarray:
        """Frobenius norm of each set's weights, (sets,) float64."""
        return np.sqrt(np.square(self.weights).sum(0).reshape(self.n_sets, -1).sum(1))

    def outputs(self, features: np.ndarray) -> np.ndarray:
        """Outputs at points: features (N, p) float -> (sets, N, K) float64."""
        found = features @ self.weights
        return found.reshape(len(features), self.n_sets, -1).transpose(1, 0, 2)


def sample_directions(rng: np.random.Generator, n_features: int, input_dim: int) -> np.ndarray:
    """Standard Gaussian directions, (n_features, input_dim) float32; fewer are a prefix of more."""
    return rng.standard_normal((n_features, input_dim), dtype=np.float32)


def random_relu_features(X: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Features relu(Vx), not yet divided by sqrt(p).

    Parameters
    ----------
    X : (N, d) float32
        Points.
    directions : (p, d) float32
        Rows of V.

    Returns
    -------
    (N, p) float32
    """
    found = X @ directions.T
    return np.maximum(found, 0, out=found)


def minimum_norm(features: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Least-squares readout, of all the one with least norm.

    Parameters
    ----------
    features : (N, p) float32 or float64
        Features of the training points.
    targets : (N, T) float64
        Targets.

    Returns
    -------
    (p, T) float64
        pinv(features) @ targets.

    Notes
    -----
    By a Cholesky decomposition of the smaller Gram matrix where its condition number, estimated by
    LAPACK, leaves at least seven digits; else by a singular value decomposition of the features
    themselves (``gelsd``), as a Gram matrix squares their condition number. The latter is needed
    close to as many features as points, where the smallest singular value nearly vanishes: that
    is the peak.
    """
    A = np.asarray(features, dtype=np.float64)
    wide = A.shape[1] >= A.shape[0]
    gram = A @ A.T if wide else A.T @ A
    factor = _well_conditioned_factor(gram)
    if factor is None:
        return lstsq(A, targets, cond=max(A.shape) * np.finfo(float).eps, check_finite=False)[0]
    if wide:
        return A.T @ cho_solve(factor, targets, check_finite=False)
    return cho_solve(factor, A.T @ targets, check_finite=False)


def readouts(features: np.ndarray, targets: np.ndarray) -> Readouts:
    """Minimum-norm readouts of phi(x) = relu(Vx) / sqrt(p) for several sets of targets at once.

    Parameters
    ----------
    features : (N, p) float32
        relu(Vx) of the training points.
    targets : (sets, N, K) float64
        Sets of targets, such as those of several shares of label noise.

    Returns
    -------
    Readouts
        Its weights are those of phi; `outputs` takes phi too.
    """
    n_sets, n_samples, n_classes = targets.shape
    side_by_side = targets.transpose(1, 0, 2).reshape(n_samples, n_sets * n_classes)
    return Readouts(minimum_norm(features, side_by_side), n_sets)


def _well_conditioned_factor(gram: np.ndarray) -> tuple[np.ndarray, bool] | None:
    try:
        lower = cholesky(gram, lower=True, check_finite=False)
    except np.linalg.LinAlgError:
        return None
    reciprocal, _ = lapack.dpocon(lower, np.abs(gram).sum(0).max(), uplo="L")
    return (lower, True) if reciprocal >= LEAST_RECIPROCAL_CONDITION else None
