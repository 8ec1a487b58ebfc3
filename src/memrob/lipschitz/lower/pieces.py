"""All linear pieces of networks along lines, in float64.

On a line, a network is piecewise linear, and its gradient constant on each piece. The ends of the
pieces are found layer by layer: within a piece of the layers before, each pre-activation is affine
and has one zero at most. Every piece of a line is looked at, however short, so that small regions
are not missed as they are by points at random. In a shallow network the gradients of all pieces are
sums, in the order of the zeros, over what each neuron adds or takes away.
"""

import numpy as np

from memrob.lipschitz.network import ReluNetwork

NARROW = 1e-9
"""Length of a piece, relative to where it lies, below which rounding could have made it."""


def pieces_of_lines(
    network: ReluNetwork, points: np.ndarray, lines: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A place on every linear piece of a network along lines, and the gradient there.

    Parameters
    ----------
    network : ReluNetwork
        Of depth 1 at least.
    points, lines : ndarray of float64, shape (M, d)
        The lines points + t lines.

    Returns
    -------
    rows : ndarray of int, shape (K,)
        Which line each piece lies on.
    offsets : ndarray of float64, shape (K,)
        Middle t of the piece; for the two that end nowhere, a place beyond their end.
    gradients : ndarray of float64, shape (K, d)
        Gradients on the pieces, up to the rounding of sums.
    """
    if network.depth == 1:
        return _of_shallow(network, points, lines)
    rows, ends = np.empty(0, dtype=int), np.empty(0)
    for layer in range(network.depth):
        of_piece, middles, lower, upper = _split(rows, ends, len(points))
        values, speeds = _along(network, points, lines, of_piece, middles, layer)
        with np.errstate(divide="ignore", invalid="ignore"):
            zeros = middles[:, None] - values / speeds
        inside = (zeros > lower[:, None]) & (zeros < upper[:, None])
        piece, _ = np.nonzero(inside)
        rows = np.concatenate([rows, of_piece[piece]])
        ends = np.concatenate([ends, zeros[inside]])
    of_piece, middles, lower, upper = _split(rows, ends, len(points))
    wide = upper - lower > NARROW * (1 + np.abs(middles))
    rows, offsets = of_piece[wide], middles[wide]
    return rows, offsets, network.gradients(points[rows] + offsets[:, None] * lines[rows])


def _of_shallow(
    network: ReluNetwork, points: np.ndarray, lines: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    weight, last = network.weights[0], network.weights[1][0]
    heights, speeds = points @ weight.T + network.biases[0], lines @ weight.T
    crossed = speeds != 0
    zeros = np.where(crossed, -heights / np.where(crossed, speeds, 1), 0.0)
    order = np.argsort(zeros, axis=1, kind="stable")
    active = np.where(crossed, speeds < 0, heights > 0)
    turned = np.take_along_axis(np.sign(speeds) * last, order, axis=1)
    sums = np.concatenate(
        [((active * last) @ weight)[:, None], turned[..., None] * weight[order]], axis=1
    )
    gradients = np.cumsum(sums, axis=1)
    rows = np.repeat(np.arange(len(points)), zeros.shape[1])
    ends = np.take_along_axis(zeros, order, axis=1).ravel()
    rows, offsets, lower, upper = _split(rows, ends, len(points))
    wide = upper - lower > NARROW * (1 + np.abs(offsets))
    return rows[wide], offsets[wide], gradients.reshape(-1, network.input_dim)[wide]


def _split(
    rows: np.ndarray, ends: np.ndarray, n_lines: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Pieces of lines between their ends: the line, the middle and both ends of each."""
    rows = np.concatenate([rows, np.arange(n_lines), np.arange(n_lines)])
    ends = np.concatenate([ends, np.full(n_lines, -np.inf), np.full(n_lines, np.inf)])
    order = np.lexsort((ends, rows))
    rows, ends = rows[order], ends[order]
    lower, upper = ends[:-1], ends[1:]
    whole = rows[:-1] == rows[1:]
    of_piece, lower, upper = rows[:-1][whole], lower[whole], upper[whole]
    left, right = np.isinf(lower), np.isinf(upper)
    # A piece that ends nowhere has no middle: as far again beyond its one end stands for it.
    known_lower, known_upper = np.where(left, 0.0, lower), np.where(right, 0.0, upper)
    middles = (known_lower + known_upper) / 2
    middles = np.where(left & ~right, known_upper - 1 - np.abs(known_upper), middles)
    middles = np.where(right & ~left, known_lower + 1 + np.abs(known_lower), middles)
    return of_piece, middles, lower, upper


def _along(
    network: ReluNetwork,
    points: np.ndarray,
    lines: np.ndarray,
    rows: np.ndarray,
    offsets: np.ndarray,
    layer: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Pre-activations of a layer on pieces of lines, and their derivatives along the lines."""
    weight = network.weights[0]
    speeds = (lines @ weight.T)[rows]
    values = (points @ weight.T + network.biases[0])[rows] + offsets[:, None] * speeds
    for index in range(1, layer + 1):
        active = values > 0
        weight = network.weights[index]
        values = (values * active) @ weight.T + network.biases[index]
        speeds = (speeds * active) @ weight.T
    return values, speeds
