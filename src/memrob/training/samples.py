"""Training and test points of a study, on one scale and with classes numbered from 0."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from memrob.errors import UserError


@dataclass(frozen=True)
class Samples:
    """Training and test points.

    Attributes
    ----------
    X : (N, d) float32
        Training points.
    y : (N,) int64
        Their classes, 0 ... K-1.
    X_test : (M, d) float32
        Test points; none for M = 0.
    y_test : (M,) int64
        Their classes.
    n_classes : int
        Number K of classes among the training points.
    mean : float or (d,) float32
        What was subtracted from the original points.
    factor : float
        What they were multiplied by then.
    """

    X: np.ndarray
    y: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    n_classes: int
    mean: np.ndarray | float = 0.0
    factor: float = 1.0

    @property
    def n_samples(self) -> int:
        """Number N of training points."""
        return len(self.X)

    @property
    def input_dim(self) -> int:
        """Dimension d of the points."""
        return self.X.shape[1]

    @property
    def original(self) -> np.ndarray:
        """Training points as they were before, up to rounding, (N, d) float64."""
        return self._before(self.X)

    @property
    def original_test(self) -> np.ndarray:
        """Test points as they were before, up to rounding, (M, d) float64."""
        return self._before(self.X_test)

    def _before(self, X: np.ndarray) -> np.ndarray:
        return X.astype(np.float64) / self.factor + self.mean

    def for_original_points(self, parameters: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Make the preparation of the points part of a network's first layer.

        Parameters
        ----------
        parameters : sequence of ndarray
            W0 (H, d), b0 (H,) and those of further layers, of a network on the prepared points.

        Returns
        -------
        list of ndarray of float64
            Those of the same function of the points as they were before.
        """
        first, offset, *others = (np.asarray(array, dtype=np.float64) for array in parameters)
        first = self.factor * first
        return [first, offset - first @ np.broadcast_to(self.mean, first.shape[1]), *others]


def prepare_samples(
    X: np.ndarray,
    y: np.ndarray,
    X_test: np.ndarray | None = None,
    y_test: np.ndarray | None = None,
    *,
    norm: float,
    centre: bool = False,
) -> Samples:
    """Number the classes and scale the points, so that a step size means the same for all sets.

    Parameters
    ----------
    X : (N, d) float
        Training points.
    y : (N,) int
        Their labels, of at least two classes.
    X_test : (M, d) float, optional
        Test points.
    y_test : (M,) int, optional
        Their labels, each of which occurs in `y`.
    norm : float
        Root mean square Euclidean norm of the training points afterwards; the test points are
        multiplied by the same factor.
    centre : bool
        Whether the mean of the training points is subtracted from all points first. Images, whose
        pixels are not negative, all lie on one side; without this, many units are never active
        again after the first steps of a narrow network.

    Raises
    ------
    UserError
        For fewer than two classes, for a test label without training points, and if the
        training points are all 0, or all the same with `centre`.
    """
    labels, classes = np.unique(y, return_inverse=True)
    if len(labels) < 2:
        raise UserError(f"y: has {len(labels)} class; training needs at least two")
    if X_test is None or y_test is None:
        X_test, y_test = X[:0], y[:0]
    unknown = np.setdiff1d(y_test, labels)
    if len(unknown):
        raise UserError(f"y_test: label {unknown[0]} occurs in no training point; leave it out")
    X, X_test = np.asarray(X, dtype=np.float32), np.asarray(X_test, dtype=np.float32)
    mean = np.float32(0)
    if centre:
        mean = X.mean(axis=0, dtype=np.float64).astype(np.float32)
        X, X_test = X - mean, X_test - mean
    size = float(np.sqrt(np.mean(np.sum(np.square(X, dtype=np.float64), axis=1))))
    if size == 0:
        raise UserError("X: all points are 0 or the same; training needs points that differ")
    factor = np.float32(norm / size)
    return Samples(
        X=X * factor,
        y=classes.astype(np.int64),
        X_test=X_test * factor,
        y_test=np.searchsorted(labels, y_test).astype(np.int64),
        n_classes=len(labels),
        mean=mean,
        factor=float(factor),
    )


def pooled(X: np.ndarray, image_shape: tuple[int, int], factor: int) -> np.ndarray:
    """Images of lower resolution: means over squares of pixels.

    Parameters
    ----------
    X : (N, height * width) float
        Images of one plane, row by row.
    image_shape : (int, int)
        Height and width, both divisible by `factor`.
    factor : int
        Side of a square.

    Returns
    -------
    (N, height * width / factor**2), of the dtype of `X`

    Raises
    ------
    UserError
        If the factor does not divide both sides.
    """
    height, width = image_shape
    if factor < 1 or height % factor or width % factor:
        raise UserError(f"pooling: is {factor}; it must divide both sides of {height} x {width}")
    squares = X.reshape(len(X), height // factor, factor, width // factor, factor)
    return squares.mean(axis=(2, 4)).reshape(len(X), -1)
