"""Exact search along lines through a point of a shallow network, in float64.

Along a line the slope <u, gradient> in a fixed direction u changes at the N points where a neuron
becomes active or inactive. Sorted, with sums over what changes, they give the best interval of
the whole line at once. With the dual vector of the current gradient for u, the norm never falls.
"""

import numpy as np

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, dual_vector, norm


def search_lines(
    network: ReluNetwork, points: np.ndarray, p: float, rounds: int, rng: np.random.Generator
) -> np.ndarray:
    """Improve points by the best interval of random lines through them.

    Parameters
    ----------
    network : ReluNetwork
        A shallow one.
    points : ndarray of float64, shape (M, d)
        Points; all finite.
    p : float
        Exponent.
    rounds : int
        Lines through each point.
    rng : numpy.random.Generator
        Source of the lines.

    Returns
    -------
    ndarray of float64, shape (M, d)
        |gradient|_{p'} is nowhere smaller than at `points`.
    """
    weight, last = network.weights[0], network.weights[1][0]
    heights = points @ weight.T + network.biases[0]
    found = ((heights > 0) * last) @ weight
    values = norm(found, conjugate(p))
    for _ in range(rounds):
        lines = rng.standard_normal(points.shape)
        speeds = lines @ weight.T
        gains = (dual_vector(found, p) @ weight.T) * last
        moved = points + _best_offsets(heights, speeds, gains)[:, None] * lines
        new_heights = moved @ weight.T + network.biases[0]
        new_found = ((new_heights > 0) * last) @ weight
        new_values = norm(new_found, conjugate(p))
        better = new_values > values
        points = np.where(better[:, None], moved, points)
        heights = np.where(better[:, None], new_heights, heights)
        found = np.where(better[:, None], new_found, found)
        values = np.where(better, new_values, values)
    return points


def _best_offsets(heights: np.ndarray, speeds: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """Middles (M,) of the interval of each line with the largest sum of active gains."""
    crossed = speeds != 0
    crossings = np.where(crossed, -heights / np.where(crossed, speeds, 1), 0.0)
    order = np.argsort(crossings, axis=1)
    crossings = np.take_along_axis(crossings, order, axis=1)
    changes = np.take_along_axis(np.sign(speeds) * gains, order, axis=1)
    sums = np.pad(np.cumsum(changes, axis=1), ((0, 0), (1, 0)))
    # The line's two ends have no middle: a point at as great a distance again stands for each.
    ends = [crossings[:, :1] - 1 - np.abs(crossings[:, :1])]
    ends += [crossings[:, -1:] + 1 + np.abs(crossings[:, -1:])]
    crossings = np.concatenate([ends[0], crossings, ends[1]], axis=1)
    # An interval whose ends rounding cannot tell apart is none.
    narrow = np.diff(crossings, axis=1) <= 1e-9 * (1 + np.abs(crossings[:, 1:]))
    chosen = np.argmax(np.where(narrow, -np.inf, sums), axis=1)
    rows = np.arange(len(heights))
    return (crossings[rows, chosen] + crossings[rows, chosen + 1]) / 2
