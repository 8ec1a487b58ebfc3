"""First layers that grow: hyperplanes are added to those there are, and the second layer is redone.

The second layer cannot be kept. A new hyperplane changes every mask and every minimum, and a point
that was not separated from X+ may now be.
"""

import numpy as np

from memrob.errors import UserError
from memrob.interpolation.adaptive import LARGEST_WIDTH
from memrob.interpolation.arguments import check_arguments, check_decision, checked_data
from memrob.interpolation.construction import network_on_layer
from memrob.interpolation.device import backend_of, choose_device
from memrob.interpolation.first_layer import FirstLayer, sample_first_layer
from memrob.interpolation.network import Network
from memrob.interpolation.selection import Selection


def grow(
    layer: FirstLayer,
    X: np.ndarray,
    y: np.ndarray,
    *,
    first_width: int,
    max_bias: float,
    seed: int,
    activation: str = "threshold",
    adaptive: bool = False,
    device: str = "cpu",
    order: str = "permutation",
    slack: int | float = 0,
    min_cover: int = 1,
    decision: str = "detection",
) -> Network:
    """Add hyperplanes to a first layer, and construct the second layer upon all of them.

    Parameters
    ----------
    layer : FirstLayer
        Hyperplanes to be kept, for instance `network.layer`.
    X, y
        As for `memrob.interpolation.fit`; not necessarily the data that `layer` was drawn for.
    first_width : int
        Number of hyperplanes n afterwards; with `adaptive`, the least number.
    max_bias : float
        Maximal bias lambda of the added hyperplanes.
    seed : int
        Candidates are visited as by `fit` with this seed; the added hyperplanes depend on it and
        on how many there were before. So growing twice by 10 is another network than growing
        once by 20, and growing by none gives the network of `fit` again.
    activation, device, slack, min_cover, decision
        As for `fit`.
    order : {"permutation", "greedy", "cluster"}
        As for `fit`.
    adaptive : bool
        Double the hyperplanes until a neuron fires at every point of the detected classes. Unlike
        that of `fit`, their number is not the least.

    Returns
    -------
    Network

    Raises
    ------
    UserError
        For an argument out of range, fewer hyperplanes than there are, or when 131,072 of them
        leave a point undetected.
    """
    selection = Selection(order, slack, min_cover)
    check_arguments(first_width, max_bias, seed, selection, activation)
    check_decision(decision)
    if order == "reference":
        raise UserError("order: is 'reference'; the first layers of published trials do not grow")
    backend = backend_of(choose_device(device, order, activation))
    X, labels, classes = checked_data(X, y)
    if first_width < layer.width and not adaptive:
        raise UserError(
            f"first_width: is {first_width}; there are {layer.width} hyperplanes already"
        )
    rng = np.random.default_rng([seed, layer.width])
    while True:
        layer = _extended(layer, rng, first_width, max_bias)
        network = network_on_layer(
            layer,
            X,
            labels,
            classes,
            np.random.default_rng(seed),
            selection,
            activation,
            backend,
            decision=decision,
        )
        if not adaptive or network.covered == 1:
            return network
        if layer.width >= LARGEST_WIDTH:
            raise UserError(
                f"max_bias: with {max_bias:g}, {layer.width} hyperplanes left points undetected;"
                " one near the largest norm separates them"
            )
        first_width = 2 * layer.width


def _extended(layer: FirstLayer, rng, first_width: int, max_bias: float) -> FirstLayer:
    if first_width <= layer.width:
        return layer
    input_dim = layer.weights.shape[1]
    more = sample_first_layer(rng, first_width - layer.width, input_dim, max_bias)
    return FirstLayer(
        np.concatenate([layer.weights, more.weights]), np.concatenate([layer.biases, more.biases])
    )
