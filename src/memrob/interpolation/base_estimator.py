"""What scikit-learn classifiers of constructed networks share: labels, scale, warnings, errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from numbers import Integral, Real
from warnings import warn

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import LabelEncoder
from sklearn.utils import check_random_state, check_scalar
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from memrob.data.dataset import largest_norm
from memrob.data.disjoint import require_disjoint_classes
from memrob.errors import UserError
from memrob.interpolation.network import Network


class ConstructedClassifier(ClassifierMixin, BaseEstimator):
    """Classifier whose `fit` constructs a network for divided points and for labels 0, 1, ...

    A subclass has the parameters `first_width`, `max_bias`, `order`, `slack`, `min_cover`,
    `decision`, `normalize`, `warm_start` and `random_state`, and constructs the network in
    `_constructed`.
    """

    _points_are = "X"

    def fit(self, X, y):
        """Construct the network.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Training points.
        y : array-like of shape (n_samples,)
            Labels of at least two classes: strings, integers, bools.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            For parameters out of range, data that are no finite numbers, labels of one class
            only, and if it finds no network that it was asked for.
        """
        check_scalar(self.first_width, "first_width", Integral)
        check_scalar(self.max_bias, "max_bias", Real)
        growing = self.warm_start and hasattr(self, "network_")
        X, y = validate_data(self, X, y, reset=not growing, dtype=np.float32)
        check_classification_targets(y)
        encoder = LabelEncoder()
        labels = encoder.fit_transform(y)
        seed = self.seed_ if growing else _seed(self.random_state)
        with _value_errors():
            X = self._canonical(X)
            scale = self._scale(X, growing)
            points = _divided(X, scale)
            self._look_for_points_in_two_classes(points, labels)
            network = self._constructed(points, labels, seed, growing)
        self.classes_, self.scale_, self.seed_ = encoder.classes_, scale, seed
        return self._with_network(network)

    def predict(self, X):
        """Predict labels, by detection or by the largest margin.

        With ``decision="detection"`` of the highest class whose detector fires, and else of a
        default class: the one without a detector, ``classes_[0]``, if there are two, and
        ``classes_[-1]`` if there are more.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Points.

        Returns
        -------
        ndarray of shape (n_samples,)
            With the type of `classes_`.
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=np.float32)
        with _value_errors():
            return self.classes_[self.network_.predict(_divided(X, self.scale_))]

    @available_if(lambda self: self.decision == "margin")
    def decision_function(self, X):
        """Margins of the classes, of which `predict` takes the largest.

        Only with ``decision="margin"``.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Points.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, n_classes)
            Largest (m - <u, Phi(x)>) / n over the neurons that detect ``classes_[1]``, or over
            those that detect each class. Positive iff one of them fires.
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=np.float32)
        with _value_errors():
            margins = self.network_.margins(_divided(X, self.scale_))
        return margins[:, 0] if margins.shape[1] == 1 else margins

    def _selection(self) -> dict:
        """How neurons are selected and how they decide, as arguments of `fit`."""
        return {
            "order": self.order,
            "slack": self.slack,
            "min_cover": self.min_cover,
            "decision": self.decision,
        }

    def _constructed(self, points, labels, seed, growing) -> Network:
        """The network, or that of the last `fit` with a wider first layer."""
        raise NotImplementedError

    def _canonical(self, X):
        """Training points of which the largest norm is taken and the network is made."""
        return X

    def _needs_disjoint_classes(self) -> bool:
        """Whether a point in two classes is an error, and not only reason for a warning."""
        return False

    def _scale(self, X, growing) -> float:
        if growing:
            return self.scale_
        return _largest_norm(X) if self.normalize else 1.0

    def _look_for_points_in_two_classes(self, points, labels) -> None:
        try:
            require_disjoint_classes(points, labels, self._points_are)
        except UserError as error:
            if self._needs_disjoint_classes():
                raise
            warn(f"{error}; the network cannot interpolate", UserWarning, stacklevel=3)

    def _with_network(self, network: Network):
        self.network_ = network
        self.interpolates_ = network.interpolates
        self.first_width_ = network.layer.width
        self.second_width_ = network.second_width
        self.second_width_per_class_ = network.second_width_per_class
        self.n_parameters_ = network.n_parameters
        return self


def _seed(random_state) -> int:
    generator = check_random_state(random_state)
    if isinstance(random_state, Integral):
        return int(random_state)
    return int(generator.randint(2**31 - 1))


def _largest_norm(X: np.ndarray) -> float:
    # In float32, as published trials are normalised, unless squares of coordinates leave its range.
    with np.errstate(over="ignore"):
        norm = float(largest_norm(X))
    if not 0 < norm < np.inf:
        norm = float(largest_norm(X.astype(np.float64)))
    if norm > float(np.finfo(np.float32).max):
        raise UserError(f"X: has a point of norm {norm:.3g}; float32 ends at 3.4e38")
    return norm or 1.0


def _divided(X: np.ndarray, scale: float) -> np.ndarray:
    # Whether the quotients are finite numbers is looked at by the network.
    with np.errstate(over="ignore"):
        return X / np.float32(scale)


@contextmanager
def _value_errors() -> Iterator[None]:
    # What memrob reports as a mistake of the user's is a ValueError in scikit-learn.
    try:
        yield
    except UserError as error:
        raise ValueError(str(error)) from error
