"""Exact Lipschitz constants of deep networks on R and R^2: all activation regions, by cutting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.exact.fan import Fan, cut
from memrob.lipschitz.exact.result import Champions, Exact
from memrob.lipschitz.network import ReluNetwork

TOLERANCE = 1e-12
"""Share of the possible size of a pre-activation below which it counts as zero."""

BLOCK = 1 << 21
"""Numbers in the affine maps of the regions that are cut at the same time."""

LARGEST_COUNT = 4_000_000
"""Regions after which the visit is given up."""


@dataclass(frozen=True)
class Regions:
    """Some activation regions.

    Attributes
    ----------
    fan : Fan
        Their cones; pieces of one region may be apart.
    codes : ndarray of uint8, shape (n, n_bytes)
        Activation patterns, packed layer by layer.
    gradients : ndarray, shape (n, 2)
        Gradients on them.
    """

    fan: Fan
    codes: np.ndarray
    gradients: np.ndarray


@dataclass(frozen=True)
class _Layer:
    """Pre-activations of one hidden layer on the cones of the fan.

    `maps` (n_maps, 3, width) takes rays to them, `sizes` (n_maps, width) bounds their sizes at
    unit vectors by the terms of their sums, `origins` (n_cones,) names the map of each cone, and
    `codes` holds the patterns of the layers before.
    """

    fan: Fan
    maps: np.ndarray
    sizes: np.ndarray
    origins: np.ndarray
    codes: np.ndarray


def by_regions(network: ReluNetwork, ps: Sequence[float]) -> Exact:
    """Visit all activation regions of a network on R or R^2, of any depth.

    Parameters
    ----------
    network : ReluNetwork
        Of input_dim 1 or 2, depth at least 1.
    ps : sequence of float
        Exponents in [1, inf].

    Returns
    -------
    Exact

    Raises
    ------
    UserError
        For more than `LARGEST_COUNT` regions.

    Notes
    -----
    Our own derivation. Quadrants of the plane are cones in R^3 with three rays, points of height 1
    and directions of height 0 alike. On each the first pre-activations are linear; cut by all of
    them, the pieces have linear second pre-activations, and so forth: unbounded regions are as
    exact as others. A network on R is one on R^2 that ignores the second coordinate.
    """
    dim = network.input_dim
    champions = Champions(ps, dim)
    count, on_axes = 0, []
    for found in activation_regions(network, quadrants(dim)):
        centres = found.fan.centres()
        points = centres[:, :dim] / centres[:, 2:]
        champions.offer(found.gradients[:, :dim], points.__getitem__)
        # An axis may have cut a region into pieces that have its pattern in common.
        split = np.logical_or.reduceat((found.fan.rays[:, :2] == 0).any(axis=1), found.fan.starts)
        on_axes.append(np.unique(found.codes[split], axis=0))
        count += np.count_nonzero(~split)
        if count > LARGEST_COUNT:
            raise UserError(f"exact: infeasible, more than {LARGEST_COUNT} regions")
    count += len(np.unique(np.concatenate(on_axes), axis=0))
    return champions.exact(network, "regions", count)


def quadrants(dim: int) -> Fan:
    """The four quadrants of the plane; for dim 1 the upper two, each half of the line."""
    up = np.eye(3)
    cones = [
        [sign * up[0], other * up[1], up[2]]
        for sign in (1, -1)
        for other in ((1, -1) if dim == 2 else (1,))
    ]
    return Fan(np.concatenate(cones), np.full(len(cones), 3))


def activation_regions(network: ReluNetwork, fan: Fan) -> Iterator[Regions]:
    """Activation regions of a network on R or R^2 within given cones, block by block."""
    weight, bias = network.weights[0], network.biases[0]
    maps = np.zeros((1, 3, len(weight)))
    maps[0, : network.input_dim] = weight.T
    maps[0, 2] = bias
    sizes = np.linalg.norm(maps, axis=1)
    n_cones = len(fan.sizes)
    codes = np.zeros((n_cones, 0), np.uint8)
    yield from _descend(network, 0, _Layer(fan, maps, sizes, np.zeros(n_cones, np.int64), codes))


def _descend(network: ReluNetwork, depth: int, layer: _Layer) -> Iterator[Regions]:
    fan, sources = _cut_by_all(layer)
    origins, codes = layer.origins[sources], layer.codes[sources]
    weight, bias = network.weights[depth + 1], network.biases[depth + 1]
    block = max(1, BLOCK // (3 * max(weight.shape)))
    for start in range(0, len(origins), block):
        part = slice(start, start + block)
        piece, maps = fan.taken(start, start + block), layer.maps[origins[part]]
        bounds = layer.sizes[origins[part]]
        values = np.einsum("nkj,nk->nj", maps, piece.centres())
        active = values > TOLERANCE * bounds
        packed = np.hstack([codes[part], np.packbits(active, axis=1)])
        following = (maps * active[:, None, :]) @ weight.T
        following[:, 2] += bias
        if depth + 1 == network.depth:
            yield Regions(piece, packed, following[:, :2, 0])
            continue
        sizes = (bounds * active) @ np.abs(weight).T + np.abs(bias)
        origin = np.arange(len(piece.sizes))
        yield from _descend(network, depth + 1, _Layer(piece, following, sizes, origin, packed))


def _cut_by_all(layer: _Layer) -> tuple[Fan, np.ndarray]:
    """Cones cut by all neurons of a layer, and the cone of the layer that each comes from."""
    fan, sources = layer.fan, np.arange(len(layer.origins))
    # One neuron after another is read for many cones.
    maps = np.ascontiguousarray(layer.maps.transpose(2, 0, 1))
    tolerances = np.ascontiguousarray(TOLERANCE * layer.sizes.T)
    origins = layer.origins[fan.owners]
    for neuron in range(len(maps)):
        values = np.einsum("ij,ij->i", maps[neuron][origins], fan.rays)
        cut_fan, kept = cut(fan, values, tolerances[neuron][origins])
        if cut_fan is not fan:
            fan, sources = cut_fan, sources[kept]
            origins = layer.origins[sources][fan.owners]
    return fan, sources
