"""A scikit-learn classifier: `memrob.interpolation.fit` for data and labels of any kind."""

from memrob.interpolation.base_estimator import ConstructedClassifier
from memrob.interpolation.construction import fit
from memrob.interpolation.growing import grow
from memrob.interpolation.network import Network


class InterpolatingClassifier(ConstructedClassifier):
    """Two-layer threshold network on random hyperplanes that interpolates its training data.

    It does iff every two training points of different classes are separated by hyperplanes, which
    takes enough of them (`first_width`) at distances from the origin that suit the data
    (`max_bias`). Whether it does is told by `interpolates_`; more hyperplanes are added with
    `warm_start`.

    Parameters
    ----------
    first_width : int, default=1000
        Number of random hyperplanes n; with `adaptive`, the least number.
    max_bias : float, default=1.0
        Maximal bias lambda, in units of the largest norm of the training points if `normalize`.
        Hyperplanes with bias 0 cannot separate points on one ray from the origin.
    activation : {"threshold", "relu"}, default="threshold"
        Activation of both layers.
    order : {"permutation", "greedy", "cluster", "reference"}, default="permutation"
        How candidates for neurons are taken: at random as in [1]_; always the one whose neuron
        covers most of what is left, which gives fewer neurons and takes longer; at random, each
        grown to a cluster of points that share a neuron, which gives far fewer; or so as to replay
        published trials of [1]_.
    adaptive : bool, default=False
        Draw hyperplanes until every two training points of different classes are separated; if
        131,072 do not separate them, `fit` raises a ValueError.
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
    normalize : bool, default=True
        Divide all points by the largest Euclidean norm of the training points, as [1]_ does.
    warm_start : bool, default=False
        Keep the hyperplanes of the previous `fit` and only add those that `first_width` asks for,
        then construct the second layer anew. The data may be the same or other data with as many
        features; `scale_` and `seed_` stay those of the first `fit`, so the network differs
        from that of a single `fit` with as many hyperplanes, which has the same distribution.
    random_state : int, RandomState instance or None, default=None
        An int gives the network of ``memrob.interpolation.fit(X / scale_, y, seed=random_state)``.
    device : {"cpu", "cuda", "auto"}, default="cpu"
        Where `fit` computes; see `memrob.interpolation.fit`.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Labels in ascending order. With two classes the larger one plays X-, the smaller one X+.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)
        If all names of the training data's columns are strings.
    network_ : Network
        The network, for points that are divided by `scale_` and for labels 0, 1, ...
    scale_ : float
        Largest norm, or 1.
    seed_ : int
        Seed of the random numbers.
    interpolates_ : bool
        Whether all training points are classified correctly.
    first_width_ : int
        Number of hyperplanes.
    second_width_ : int
        Number of neurons of the second layer.
    second_width_per_class_ : list of int
        Number of those that detect each class; with two classes, only the larger one is detected.
    n_parameters_ : int
        Number of weights and biases.

    Warns
    -----
    UserWarning
        By `fit`, if a point lies in two classes, which no classifier can tell apart: it is fitted
        to all that can be separated, and predicts a class without a neuron for that point. With
        `adaptive`, whose search would not end, it is a ValueError.

    Notes
    -----
    Points are taken as float32, so that two which differ by less than about 1e-7 of their size
    are one: centre features that are large against their spread, as a StandardScaler does.

    References
    ----------
    .. [1] Dirksen, Finke, Genzel, "Memorization with neural nets: going beyond the worst case",
       JMLR 25(347), 2024, Algorithm 2; with `adaptive`, Algorithm 1.

    Examples
    --------
    >>> from sklearn.datasets import make_moons
    >>> from memrob.interpolation import InterpolatingClassifier
    >>> X, y = make_moons(1000, noise=0.05, random_state=0)
    >>> classifier = InterpolatingClassifier(first_width=500, random_state=0).fit(X, y)
    >>> classifier.interpolates_
    True
    >>> classifier.score(X, y)
    1.0
    """

    _booleans = (*ConstructedClassifier._booleans, "adaptive")

    def __init__(
        self,
        first_width=1000,
        max_bias=1.0,
        *,
        activation="threshold",
        order="permutation",
        adaptive=False,
        slack=0,
        min_cover=1,
        decision="detection",
        normalize=True,
        warm_start=False,
        random_state=None,
        device="cpu",
    ):
        self.first_width = first_width
        self.max_bias = max_bias
        self.activation = activation
        self.order = order
        self.adaptive = adaptive
        self.slack = slack
        self.min_cover = min_cover
        self.decision = decision
        self.normalize = normalize
        self.warm_start = warm_start
        self.random_state = random_state
        self.device = device

    def _constructed(self, points, labels, seed, growing) -> Network:
        arguments = {
            "first_width": int(self.first_width),
            "max_bias": float(self.max_bias),
            "seed": seed,
            "activation": self.activation,
            "adaptive": bool(self.adaptive),
            "device": self.device,
            **self._selection(),
        }
        if not growing:
            return fit(points, labels, **arguments)
        return grow(self.network_.layer, points, labels, **arguments)

    def _needs_disjoint_classes(self) -> bool:
        return self.adaptive
