"""Gradients at many points of many networks, by matrix products alone."""

from collections.abc import Iterator
from typing import Any

from array_api_compat import array_namespace

from memrob.lipschitz.batch import NetworkBatch

TILE_NUMBERS = 2**22
"""Approximate number of pre-activations of a layer that are computed at a time."""


def gradients(batch: NetworkBatch, points: Any, heights: Any | None = None) -> Any:
    """Gradients of every network of a batch at points of its own.

    Parameters
    ----------
    batch : NetworkBatch
        B networks with L hidden layers.
    points : array, shape (B, M, d)
        Points, of the kind, precision and device of the batch.
    heights : array, shape (B, M, 1), optional
        Factors of the biases: the gradient at (x, t) is that at the point x/t, for t > 0; 1 if
        left out.

    Returns
    -------
    array, shape (B, M, d)
        A neuron at exactly 0 counts as inactive. 2L matrix products with as many floating-point
        operations forwards as backwards; no automatic differentiation.
    """
    xp = array_namespace(points)
    widest = max(weight.shape[1] for weight in batch.weights)
    # Never by the size of the batch: a product's rounding depends on its shape.
    tile = max(16, TILE_NUMBERS // widest)
    if points.shape[1] <= tile:
        return _gradients(xp, batch, points, heights)
    tiles = [
        _gradients(xp, batch, points[:, part], None if heights is None else heights[:, part])
        for part in _parts(points.shape[1], tile)
    ]
    return xp.concat(tiles, axis=1)


def _gradients(xp: Any, batch: NetworkBatch, points: Any, heights: Any | None) -> Any:
    active, hidden = [], points
    for layer, weight in enumerate(batch.weights[:-1]):
        hidden = hidden @ weight.mT
        if batch.biases is not None:
            bias = batch.biases[layer]
            hidden += bias if heights is None else heights * bias
        active.append(hidden > 0)
        if layer < batch.depth - 1:
            hidden *= active[-1]
    last = batch.weights[-1]
    if not active:
        return xp.broadcast_to(last, (batch.size, points.shape[1], last.shape[2]))
    found = xp.astype(active[-1], last.dtype)
    found *= last
    for layer in range(batch.depth - 1, 0, -1):
        found = found @ batch.weights[layer]
        found *= active[layer - 1]
    return found @ batch.weights[0]


def _parts(count: int, tile: int) -> Iterator[slice]:
    return (slice(start, start + tile) for start in range(0, count, tile))
