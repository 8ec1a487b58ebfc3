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

from memrob.data.dataset import divided, unit_ball
from memrob.data.disjoint import require_disjoint_classes
from memrob.errors import UserError
from memrob.interpolation.arguments import require_number
from memrob.interpolation.network import Network


class ConstructedClassifier(ClassifierMixin, BaseEstimator):
    """Classifier whose `fit` constructs a network for divided points and for labels 0, 1, ...

    A subclass has the parameters `first_width`, `max_bias`, `order`, `slack`, `min_cover`,
    `decision`, `normalize`, `warm_start` and `random_state`, and constructs the network in
    `_constructed`.
    """

    _points_are = "X"
    _integers = ("first_width",)
    _booleans = ("normalize", "warm_start")

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
        TypeError
            For parameters of another type: True is no number of hyperplanes, "False" no bool.
        ValueError
            For parameters out of range, data that are no finite numbers, labels of one class
            only, and if it finds no network that it was asked for.
        """
        self._require_types()
        growing = bool(self.warm_start) and hasattr(self, "network_")
        X, y = validate_data(self, X, y, reset=not growing, dtype=_precisions(X))
        _require_labels_of_one_type(y)
        check_classification_targets(y)
        encoder = LabelEncoder()
        labels = encoder.fit_transform(y)
        seed = self.seed_ if growing else _seed(self.random_state)
        with _value_errors():
            X = self._canonical(X)
            if self.normalize and not growing:
                points, scale = unit_ball(X)
            else:
                scale = self.scale_ if growing else 1.0
                points = _in_range(divided(X, scale))
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
        X = validate_data(self, X, reset=False, dtype=_precisions(X))
        with _value_errors():
            points = _in_range(divided(X, self.scale_))
            return self.classes_[self.network_.predict(points)]

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
        X = validate_data(self, X, reset=False, dtype=_precisions(X))
        with _value_errors():
            margins = self.network_.margins(_in_range(divided(X, self.scale_)))
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

    def _require_types(self) -> None:
        for name in self._integers:
            require_number(name, getattr(self, name), Integral)
        require_number("min_cover", self.min_cover, Integral)
        require_number("max_bias", self.max_bias, Real)
        require_number("slack", self.slack, Real)
        for name in self._booleans:
            check_scalar(getattr(self, name), name, (bool, np.bool_))
        if isinstance(self.random_state, bool):
            raise TypeError("random_state must be an int, a RandomState instance or None, not bool")

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


def _precisions(X) -> list[type]:
    # Points in another precision become the first.
    exact = isinstance(X, np.ndarray) and np.can_cast(X.dtype, np.float32)
    return [np.float32, np.float64] if exact else [np.float64, np.float32]


def _require_labels_of_one_type(y: np.ndarray) -> None:
    types = sorted({type(label).__name__ for label in y}) if y.dtype == object else []
    if len(types) > 1:
        raise ValueError(f"y holds labels of several types, {', '.join(types)}; give them one type")


def _in_range(points: np.ndarray) -> np.ndarray:
    if not np.isfinite(points).all():
        row = int(np.argmin(np.isfinite(points).all(axis=1)))
        raise UserError(
            f"X: row {row} (counted from 0) exceeds single precision, whose numbers end at 3.4e38"
        )
    return points


@contextmanager
def _value_errors() -> Iterator[None]:
    # What memrob reports as a mistake of the user's is a ValueError in scikit-learn.
    try:
        yield
    except UserError as error:
        raise ValueError(str(error)) from error
