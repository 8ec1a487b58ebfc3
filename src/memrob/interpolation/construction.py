"""Construction of networks: fit one, or several that share their weights."""

import copy
from collections.abc import Iterator

import numpy as np

from memrob.errors import UserError
from memrob.interpolation import relu
from memrob.interpolation.adaptive import sample_until_separated
from memrob.interpolation.device import Backend, backend_of, choose_device
from memrob.interpolation.first_layer import (
    FirstLayer,
    PackedFeatures,
    evenly_splitting_first,
    order_by_split,
    sample_first_layer,
    sample_products,
    shared_threshold_features,
    threshold_features,
)
from memrob.interpolation.network import Detector, Network, checked_points
from memrob.interpolation.published_products import published_product
from memrob.interpolation.reference_order import second_layer_in_reference_order
from memrob.interpolation.second_layer import SecondLayer

ORDERS = ("permutation", "reference")
ACTIVATIONS = ("threshold", "relu")
LARGEST_FIRST_WIDTH = 1 << 30
LARGEST_MAX_BIAS = 1e30


def fit(
    X: np.ndarray,
    y: np.ndarray,
    *,
    first_width: int,
    max_bias: float,
    seed: int,
    order: str = "permutation",
    activation: str = "threshold",
    adaptive: bool = False,
    swap: bool = False,
    device: str = "cpu",
) -> Network:
    """Construct a network that interpolates the data if its first layer separates them.

    Parameters
    ----------
    X : (N, d) float32
        Points, at least two classes, no point in two of them.
    y : (N,) int
        Labels.
    first_width : int
        Number of hyperplanes n; with `adaptive`, the least number.
    max_bias : float
        Maximal bias lambda, of the order of the radius of the data.
    seed : int
        Seed of `numpy.random.default_rng`.
    order : {"permutation", "reference"}
        How candidates are drawn; "reference" replays the published trials.
    activation : {"threshold", "relu"}
        Activation of both layers.
    adaptive : bool
        Sample hyperplanes until every two points of different classes are separated in both
        directions; the network then always interpolates.
    swap : bool
        Exchange the roles of two classes: the smaller label plays X-. The second width is linear
        in the covering number of X- and only the first width depends on that of X+,
        logarithmically, so that the class that fewer balls cover should play X- ([M], Theorem 4).
    device : {"cpu", "cuda", "auto"}
        Where both layers are computed: on the processor, with torch on a graphics card (order
        permutation and activation threshold only), or there if that is possible. Random numbers
        are drawn on the processor in any case, and so is the search of the adaptive form.

    Returns
    -------
    Network

    Raises
    ------
    UserError
        For an argument out of range, a device that cannot be used, `swap` with more than two
        classes, or when the adaptive form finds no separation.

    References
    ----------
    [M] Algorithm 2; with `adaptive`, Algorithm 1.
    """
    check_arguments(first_width, max_bias, seed, order, activation)
    backend = backend_of(choose_device(device, order, activation))
    X, labels, classes = checked_data(X, y)
    detected = detected_classes(len(classes), swap)
    rng = np.random.default_rng(seed)
    if adaptive:
        layer = sample_until_separated(rng, X, classes, first_width, max_bias)
    else:
        layer = sample_first_layer(rng, first_width, X.shape[1], max_bias)
    return network_on_layer(layer, X, labels, classes, rng, order, activation, backend, detected)


def network_on_layer(
    layer: FirstLayer,
    X: np.ndarray,
    labels: np.ndarray,
    classes: list[np.ndarray],
    rng: np.random.Generator,
    order: str,
    activation: str,
    backend: Backend,
    detected: list[int] | None = None,
) -> Network:
    """Construct the second layers upon hyperplanes that are drawn already.

    Parameters
    ----------
    layer : FirstLayer
        The hyperplanes, in any order.
    X, labels, classes
        What `checked_data` returns.
    rng : numpy.random.Generator
        Source of the order of candidates.
    order, activation, backend
        As for `fit`.
    detected : list of int, optional
        Positions of the classes that get a detector; `detected_classes` of them if left out.
    """
    if detected is None:
        detected = detected_classes(len(classes))
    layer = evenly_splitting_first(layer, X)
    if order == "reference":
        product = published_product(layer.biases, X)
        features = threshold_features(layer, X, classes, product)
    else:
        features = backend.threshold_features(layer, X, classes)
    if activation == "relu":
        seconds = _relu_second_layers(rng, layer, X, classes, detected)
    else:
        seconds = _second_layers(rng, features, order, backend, detected)
    of_class = dict(zip(detected, seconds, strict=True))
    return _network(layer, labels, classes, features, of_class, activation)


def fit_sharing_weights(
    X: np.ndarray,
    y: np.ndarray,
    *,
    first_width: int,
    max_biases: list[float],
    seed: int,
) -> Iterator[Network]:
    """Construct the networks that `fit` would, one a maximal bias, with one product W x for all.

    A seed gives the same weights, and the same biases up to the factor lambda, whatever lambda
    is. So every network is the one that `fit` constructs for its lambda and this seed, in order
    "permutation" and with threshold activation, and has the same distribution; but networks of
    one call depend on each other.

    Parameters
    ----------
    X, y, first_width, seed
        As for `fit`.
    max_biases : list of float
        Maximal biases lambda.

    Yields
    ------
    Network
        In the order of `max_biases`. The packed features of all are held.
    """
    for max_bias in max_biases:
        check_arguments(first_width, max_bias, seed, "permutation", "threshold")
    X, labels, classes = checked_data(X, y)
    rng = np.random.default_rng(seed)
    unit = sample_first_layer(rng, first_width, X.shape[1], 1.0)
    sample = sample_products(unit.weights, X)
    variants = []
    for max_bias in max_biases:
        biases = (unit.biases * max_bias).astype(np.float32)
        order = order_by_split(sample, biases)
        variants.append((order, biases[order]))
    shared = shared_threshold_features(unit.weights, variants, X, classes)
    detected = detected_classes(len(classes))
    for order, biases in variants:
        features = shared.pop(0)
        # Each network has the random stream that it would have alone.
        own_rng, cpu = copy.deepcopy(rng), backend_of("cpu")
        seconds = _second_layers(own_rng, features, "permutation", cpu, detected)
        layer = FirstLayer(unit.weights[order], biases)
        of_class = dict(zip(detected, seconds, strict=True))
        yield _network(layer, labels, classes, features, of_class, "threshold")


def checked_data(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Points as float32, labels in ascending order, and the rows of each; UserError if unfit."""
    X = checked_points(X)
    y = np.asarray(y)
    if y.shape != (len(X),) or not np.issubdtype(y.dtype, np.integer):
        raise UserError(
            f"y: has shape {y.shape} and type {y.dtype}; one integer label for each of the "
            f"{len(X)} points is needed"
        )
    labels = np.unique(y)
    if len(labels) < 2:
        raise UserError(f"y: holds one class only ({labels.tolist()}); two or more are needed")
    return X, labels, [np.flatnonzero(y == label) for label in labels]


def detected_classes(n_classes: int, swap: bool = False) -> list[int]:
    """Classes that have a detector: of two the larger label, which plays X-, else all.

    With `swap` it is the smaller label of two; a UserError for more classes.
    """
    if swap and n_classes > 2:
        raise UserError(
            f"swap: the roles of two classes can be exchanged, but y holds {n_classes}; give all "
            "classes but one the same label"
        )
    if n_classes == 2:
        return [0 if swap else 1]
    return list(range(n_classes))


def _network(
    layer: FirstLayer,
    labels: np.ndarray,
    classes: list[np.ndarray],
    features: PackedFeatures,
    seconds: dict[int, SecondLayer],
    activation: str,
) -> Network:
    detectors = [
        Detector(
            label=int(labels[k]),
            layer=layer,
            activation=activation,
            candidates=classes[k][second.candidates],
            mask_words=features.complement_masks(k, second.candidates),
            thresholds=second.thresholds,
            n_covered=second.n_covered,
            n_members=len(classes[k]),
        )
        for k, second in seconds.items()
    ]
    return Network(layer, labels, detectors, sum(len(rows) for rows in classes))


def _second_layers(rng, features, order, backend: Backend, detected) -> list[SecondLayer]:
    # For the order "permutation" each class has a generator of its own, for "reference" all start
    # from the state in which the first layer left the one there is.
    if order == "reference":
        return [second_layer_in_reference_order(features, k, rng) for k in detected]
    streams = rng.spawn(len(features.class_sizes))
    return [backend.second_layer(features, k, streams[k]) for k in detected]


def _relu_second_layers(rng, layer, X, classes, detected) -> list[SecondLayer]:
    streams = rng.spawn(len(classes))
    hidden = relu.relu_features(layer, X)
    return [relu.second_layer(hidden, classes, k, streams[k]) for k in detected]


def check_arguments(
    first_width: int, max_bias: float, seed: int, order: str, activation: str
) -> None:
    """Raise a UserError for an argument of `fit` that is out of range."""
    if first_width < 1:
        raise UserError(f"first_width: is {first_width}; it must be at least 1")
    if first_width > LARGEST_FIRST_WIDTH:
        raise UserError(f"first_width: is {first_width}; no machine has the memory for so many")
    if not 0 <= max_bias < np.inf:
        raise UserError(f"max_bias: is {max_bias}; it must be a finite number >= 0")
    if max_bias > LARGEST_MAX_BIAS:
        raise UserError(f"max_bias: is {max_bias}; it must be at most 1e30, as float32 ends there")
    if seed < 0:
        raise UserError(f"seed: is {seed}; it must be at least 0")
    if order not in ORDERS:
        raise UserError(f"order: is {order!r}; it must be one of {', '.join(ORDERS)}")
    if activation not in ACTIVATIONS:
        raise UserError(
            f"activation: is {activation!r}; it must be one of {', '.join(ACTIVATIONS)}"
        )
    if order == "reference" and activation == "relu":
        raise UserError(
            "order: reference replays threshold networks only; use permutation with activation relu"
        )
