"""A scikit-learn classifier: `memrob.convolution.fit` for signals and labels of any kind."""

from collections.abc import Iterable
from numbers import Integral

from memrob.convolution.construction import fit, shift_group
from memrob.convolution.first_layer import support_of
from memrob.convolution.group import ShiftGroup, representatives
from memrob.convolution.growing import grow
from memrob.convolution.network import InvariantNetwork
from memrob.errors import UserError
from memrob.interpolation.arguments import require_number
from memrob.interpolation.base_estimator import ConstructedClassifier


class InvariantInterpolatingClassifier(ConstructedClassifier):
    """Convolutional threshold network that interpolates, and is invariant under cyclic shifts.

    It gives all shifts of a signal one label, and those of a training signal its label if random
    filters separate the signals of each class from all shifts of the others, which takes enough
    of them (`first_width`) with biases that suit the data (`max_bias`). Whether it does is told by
    `interpolates_`. The construction is this project's own, after [1]_.

    Parameters
    ----------
    grid_shape : tuple of int or None, default=None
        Lengths of the axes of a signal, whose numbers are given channel first and each channel in
        row-major order. By default all features are one channel on one axis.
    first_width : int, default=1000
        Number of random filters n.
    max_bias : float, default=1.0
        Maximal bias lambda, in units of the largest norm of the training signals if `normalize`.
    filter_size : int or None, default=None
        Support of the filters along each axis; by default they have the size of the signals.
        Channels of the second layer see one window of that size only; see `positions`.
    positions : int, default=1
        Positions of a training signal that are tried at most until one tells its window from all
        windows of the other classes. With small filters, more than the first are needed.
    order : {"permutation", "greedy", "cluster"}, default="permutation"
        How candidates for channels are taken: at random as in [1]_; always the one whose channel
        covers most of what is left, which gives fewer channels and takes longer; or at random, each
        grown to a cluster of signals that share a channel, which gives far fewer.
    slack : int or float, default=0
        For noisy labels: how many training points of other classes (int), or which share of them
        (float below 1), a neuron may fire at. With slack the training data need not be
        interpolated. 0 is the rule of [1]_.
    min_cover : int, default=1
        Drop neurons that fire at fewer training points of their class; 1 drops none.
    decision : {"detection", "margin"}, default="detection"
        With more than two classes: take the highest class whose detector fires, and else the last
        one, as [1]_ does; or take the class of the largest margin (`decision_function`), which
        generalises better.
    strides : int or tuple of int, default=1
        Shifts are those by multiples of the stride along each axis, which divides its length.
    normalize : bool, default=True
        Divide all signals by the largest Euclidean norm of the training signals.
    warm_start : bool, default=False
        Keep the filters of the previous `fit` and only add those that `first_width` asks for, as
        `memrob.interpolation.InterpolatingClassifier` does. The grid, the strides and the size of
        the filters cannot change.
    random_state : int, RandomState instance or None, default=None
        An int is the seed of `memrob.convolution.fit`.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Labels in ascending order. With two classes the larger one plays X-, the smaller one X+.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)
        If all names of the training data's columns are strings.
    network_ : InvariantNetwork
        The network, for signals that are divided by `scale_` and for labels 0, 1, ...
    scale_ : float
        Largest norm, or 1.
    seed_ : int
        Seed of the random numbers.
    interpolates_ : bool
        Whether all shifts of all training signals are classified correctly.
    first_width_ : int
        Number of filters.
    second_width_ : int
        Number of channels of the second layer.
    second_width_per_class_ : list of int
        Number of those that detect each class; with two classes, only the larger one is detected.
    n_parameters_ : int
        Number of weights and biases.

    Warns
    -----
    UserWarning
        By `fit`, if a shift of a signal of one class lies in another. No invariant classifier can
        tell them apart: it is fitted to all that can be separated.

    Notes
    -----
    A class that is told apart by where something lies, and not by what it is, cannot be learned.
    Scaling the features one by one, as a StandardScaler does, destroys invariance.

    References
    ----------
    .. [1] Dirksen, Finke, Genzel, "Memorization with neural nets: going beyond the worst case",
       JMLR 25(347), 2024, Algorithm 2.

    Examples
    --------
    >>> import numpy as np
    >>> from memrob.convolution import InvariantInterpolatingClassifier
    >>> X = np.random.default_rng(0).normal(size=(100, 16))
    >>> y = np.repeat(["noise", "walk"], 50)
    >>> X[50:] = X[50:].cumsum(axis=1)
    >>> classifier = InvariantInterpolatingClassifier(random_state=0).fit(X, y)
    >>> classifier.score(np.roll(X, 5, axis=1), y)
    1.0
    """

    _points_are = "X, up to shifts"
    _integers = (*ConstructedClassifier._integers, "positions")

    def __init__(
        self,
        grid_shape=None,
        first_width=1000,
        max_bias=1.0,
        *,
        filter_size=None,
        positions=1,
        order="permutation",
        slack=0,
        min_cover=1,
        decision="detection",
        strides=1,
        normalize=True,
        warm_start=False,
        random_state=None,
    ):
        self.grid_shape = grid_shape
        self.first_width = first_width
        self.max_bias = max_bias
        self.filter_size = filter_size
        self.positions = positions
        self.order = order
        self.slack = slack
        self.min_cover = min_cover
        self.decision = decision
        self.strides = strides
        self.normalize = normalize
        self.warm_start = warm_start
        self.random_state = random_state

    def _require_types(self) -> None:
        super()._require_types()
        for name in ("filter_size", "grid_shape", "strides"):
            given = getattr(self, name)
            # Other types are refused where the lengths are used.
            for length in given if isinstance(given, Iterable) else [given]:
                if isinstance(length, bool):
                    require_number(name, length, Integral)

    def _group(self, n_features: int) -> ShiftGroup:
        grid_shape = (n_features,) if self.grid_shape is None else self.grid_shape
        return shift_group(grid_shape, strides=self.strides)

    def _canonical(self, X):
        # So that the largest norm is the same number for all shifts of the training signals.
        return representatives(X, self._group(X.shape[1]))

    def _constructed(self, points, labels, seed, growing) -> InvariantNetwork:
        arguments = {
            "first_width": int(self.first_width),
            "max_bias": float(self.max_bias),
            "seed": seed,
            "positions": int(self.positions),
            **self._selection(),
        }
        group = self._group(points.shape[1])
        if growing:
            layer = self.network_.layer
            support = support_of(group.grid_shape, self.filter_size)
            if (group, support) != (layer.group, layer.filter_shape):
                raise UserError(
                    f"warm_start: has filters of shape {layer.filter_shape} for the group"
                    f" {layer.group}, not of shape {support} for {group}"
                )
            return grow(layer, points, labels, **arguments)
        return fit(
            points,
            labels,
            grid_shape=group.grid_shape,
            strides=group.strides,
            filter_size=self.filter_size,
            **arguments,
        )
