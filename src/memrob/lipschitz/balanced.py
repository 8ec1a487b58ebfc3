"""A network with the same Lipschitz constants, up to a known factor, and numbers of one size."""

from typing import NamedTuple

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.network import ReluNetwork

USUAL = 8
"""Biases that are typically between 2^-8 and 2^8 stay as they are."""


class NotBalancedError(UserError):
    """A network whose numbers are of too different sizes."""

    def __init__(self) -> None:
        super().__init__("network: its weights and biases are of too different sizes for float64")


class Balanced(NamedTuple):
    """A network with Phi(2^reach x) = 2^(power + reach) network(x) + a constant.

    Attributes
    ----------
    network : ReluNetwork
        Its gradient at x is that of Phi at 2^reach x, divided by 2^power.
    power, reach : int
    """

    network: ReluNetwork
    power: int
    reach: int


def balanced(network: ReluNetwork) -> Balanced:
    """Scale neurons, layers and the input by powers of two, which rounds nothing.

    Parameters
    ----------
    network : ReluNetwork
        With finite weights.

    Returns
    -------
    Balanced
        The rows of each hidden layer are next to one norm, up to a factor 2^(1/2) either way, the
        largest entry of each layer's weights is in [1/2, 1), hidden biases are of the order of 1,
        and the last bias, which no gradient depends on, is 0.

    Raises
    ------
    NotBalancedError
        If a number would exceed double precision, or lose places below its range.

    Notes
    -----
    A neuron's input times a > 0 and its output divided by a give the same function, and
    x -> Phi(sx) has s times the Lipschitz constant. Searches in single precision, products of
    norms and tolerances depend on such scales. A random network's rows are of one size already.
    """
    weights, power, shifts = list(network.weights), 0, []
    for layer in range(network.depth + 1):
        own = np.zeros(len(weights[layer]), dtype=int)
        if layer < network.depth:
            own = _powers_to_one_size(weights[layer])
            weights[layer] = _scaled(weights[layer], own[:, None])
            weights[layer + 1] = _scaled(weights[layer + 1], -own)
        size = int(np.frexp(np.abs(weights[layer]).max())[1])
        weights[layer] = _scaled(weights[layer], -size)
        power += size
        shifts.append(own - power)
    reach = _typical_power(network, shifts)
    hidden = zip(network.biases[:-1], shifts[:-1], strict=True)
    biases = [_scaled(bias, shift - reach) for bias, shift in hidden]
    return Balanced(ReluNetwork(tuple(weights), (*biases, np.zeros(1))), power, reach)


def _scaled(values: np.ndarray, powers: np.ndarray | int) -> np.ndarray:
    """Values times 2^powers, or an error where that is no float64."""
    with np.errstate(over="ignore", under="ignore"):
        found = np.ldexp(values, powers)
        back = np.ldexp(found, -np.asarray(powers))
    if not np.array_equal(back, values):
        raise NotBalancedError
    return found


def _powers_to_one_size(weight: np.ndarray) -> np.ndarray:
    # Row by row: squares of small entries would vanish.
    rows = np.abs(weight).max(axis=1, initial=0.0)
    used = rows > 0
    lengths = np.where(used, rows, 1.0)
    with np.errstate(under="ignore"):
        lengths = lengths * np.linalg.norm(weight / lengths[:, None], axis=1)
    powers = np.zeros(len(weight), dtype=int)
    if used.any():
        logarithms = np.log2(lengths[used])
        powers[used] = np.round(np.median(logarithms) - logarithms)
    return powers


def _typical_power(network: ReluNetwork, shifts: list[np.ndarray]) -> int:
    hidden = zip(network.biases[:-1], shifts[:-1], strict=True)
    found = [(np.frexp(bias)[1] + shift)[bias != 0] for bias, shift in hidden]
    powers = np.concatenate(found) if found else np.zeros(0)
    typical = int(np.median(powers)) if len(powers) else 0
    return typical if abs(typical) > USUAL else 0
