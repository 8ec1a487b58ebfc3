"""Construction of networks: fit one, or several that share their weights."""

import copy
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from memrob.interpolation import relu
from memrob.interpolation.adaptive import sample_until_separated
from memrob.interpolation.arguments import (
    check_arguments,
    check_decision,
    checked_data,
    detected_classes,
)
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
from memrob.interpolation.network import Detector, Network
from memrob.interpolation.published_products import PublishedSigns
from memrob.interpolation.reference_order import second_layers_in_reference_order
from memrob.interpolation.second_layer import SecondLayer
from memrob.interpolation.selection import Selection, select


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
    slack: int | float = 0,
    min_cover: int = 1,
    decision: str = "detection",
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
    order : {"permutation", "greedy", "cluster", "reference"}
        How candidates are taken: at random; always the one whose neuron covers most of what is
        left (own; a smaller second layer); at random, each grown to a cluster that shares a neuron
        (own; a much smaller one); or so as to replay the published trials.
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
        Where both layers are computed: on the processor, with torch on a graphics card (not for
        order cluster or reference or activation relu), or there if that is possible. Random numbers
        are drawn on the processor in any case, and so is the search of the adaptive form.
    slack, min_cover : int or float, int
        For data with noise; see `memrob.interpolation.selection.Selection`. Activation threshold
        only. With slack the network need not interpolate.
    decision : {"detection", "margin"}
        How the network decides; see `Network`.

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
    selection = Selection(order, slack, min_cover)
    check_arguments(first_width, max_bias, seed, selection, activation)
    check_decision(decision)
    backend = backend_of(choose_device(device, order, activation))
    X, labels, classes = checked_data(X, y)
    detected = detected_classes(len(classes), swap)
    rng = np.random.default_rng(seed)
    if adaptive:
        layer = sample_until_separated(rng, X, classes, first_width, max_bias)
    else:
        layer = sample_first_layer(rng, first_width, X.shape[1], max_bias)
    return network_on_layer(
        layer, X, labels, classes, rng, selection, activation, backend, detected, decision
    )


def network_on_layer(
    layer: FirstLayer,
    X: np.ndarray,
    labels: np.ndarray,
    classes: list[np.ndarray],
    rng: np.random.Generator,
    selection: Selection,
    activation: str,
    backend: Backend,
    detected: list[int] | None = None,
    decision: str = "detection",
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
    selection, activation, backend, decision
        As for `fit`.
    detected : list of int, optional
        Positions of the classes that get a detector; `detected_classes` of them if left out.
    """
    if detected is None:
        detected = detected_classes(len(classes))
    layer = evenly_splitting_first(layer, X)
    if selection.order == "reference":
        features = threshold_features(layer, X, classes, PublishedSigns)
    else:
        features = backend.threshold_features(layer, X, classes)
    if activation == "relu":
        seconds = _relu_second_layers(rng, layer, X, classes, detected)
    else:
        seconds = _second_layers(rng, features, selection, backend, detected)
    of_class = dict(zip(detected, seconds, strict=True))
    network = _network(layer, labels, classes, features, of_class, activation, decision)
    return counted(network, X, classes, selection)


def fit_sharing_weights(
    X: np.ndarray,
    y: np.ndarray,
    *,
    first_width: int,
    max_biases: list[float],
    seed: int,
    order: str = "permutation",
) -> Iterator[Network]:
    """Construct the networks that `fit` would, one a maximal bias, with one product W x for all.

    A seed gives the same weights, and the same biases up to the factor lambda, whatever lambda
    is. So every network is the one that `fit` constructs for its lambda and this seed, with
    threshold activation, and has the same distribution; but networks of one call depend on each
    other.

    Parameters
    ----------
    X, y, first_width, seed
        As for `fit`.
    max_biases : list of float
        Maximal biases lambda.
    order : {"permutation", "greedy", "cluster"}
        As for `fit`.

    Yields
    ------
    Network
        In the order of `max_biases`. The packed features of all are held.
    """
    for max_bias in max_biases:
        check_arguments(first_width, max_bias, seed, Selection(order), "threshold")
    X, labels, classes = checked_data(X, y)
    rng = np.random.default_rng(seed)
    unit = sample_first_layer(rng, first_width, X.shape[1], 1.0)
    sample = sample_products(unit.weights, X)
    selection = Selection(order)
    variants = []
    for max_bias in max_biases:
        biases = (unit.biases * max_bias).astype(np.float32)
        by_split = order_by_split(sample, biases)
        variants.append((by_split, biases[by_split]))
    shared = shared_threshold_features(unit.weights, variants, X, classes)
    detected = detected_classes(len(classes))
    for by_split, biases in variants:
        features = shared.pop(0)
        # Each network has the random stream that it would have alone.
        own_rng, cpu = copy.deepcopy(rng), backend_of("cpu")
        seconds = _second_layers(own_rng, features, selection, cpu, detected)
        layer = FirstLayer(unit.weights[by_split], biases)
        of_class = dict(zip(detected, seconds, strict=True))
        yield _network(layer, labels, classes, features, of_class, "threshold")


def _network(
    layer: FirstLayer,
    labels: np.ndarray,
    classes: list[np.ndarray],
    features: PackedFeatures,
    seconds: dict[int, SecondLayer],
    activation: str,
    decision: str = "detection",
) -> Network:
    detectors = [
        Detector(
            label=int(labels[k]),
            layer=layer,
            activation=activation,
            candidates=classes[k][second.candidates],
            mask_words=second.masks_on(features, k),
            thresholds=second.thresholds,
            n_covered=second.n_covered,
            n_members=len(classes[k]),
        )
        for k, second in seconds.items()
    ]
    return Network(layer, labels, detectors, sum(len(rows) for rows in classes), decision)


def counted(
    network: Network, X: np.ndarray, classes: list[np.ndarray], selection: Selection
) -> Network:
    """Network that has counted the training points that it labels correctly, where it must.

    Otherwise they follow from what its neurons cover.
    """
    by_detection = network.decision == "detection" or network.covered == 1
    if selection.slack == 0 and by_detection:
        return network
    y = np.empty(len(X), dtype=np.int64)
    for label, rows in zip(network.labels, classes, strict=True):
        y[rows] = label
    return replace(network, n_correct=int((network.predict(X) == y).sum()))


def _second_layers(rng, features, selection, backend: Backend, detected) -> list[SecondLayer]:
    # For the order "permutation" each class has a generator of its own, for "reference" all start
    # from the state in which the first layer left the one there is.
    if selection.order == "reference":
        return second_layers_in_reference_order(features, detected, rng)
    streams = rng.spawn(len(features.class_sizes))
    n_samples = sum(features.class_sizes)
    seconds = []
    for k in detected:
        size = features.class_sizes[k]
        evaluate = backend.evaluator(features, k, selection.tolerated(n_samples - size))
        seconds.append(select(evaluate, streams[k].permutation(size), selection))
    return seconds


def _relu_second_layers(rng, layer, X, classes, detected) -> list[SecondLayer]:
    streams = rng.spawn(len(classes))
    hidden = relu.relu_features(layer, X)
    return [relu.second_layer(hidden, classes, k, streams[k]) for k in detected]
