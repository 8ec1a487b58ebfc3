"""Exact Lipschitz constants of deep networks on R and R^2: all activation regions, by cutting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.exact.fan import Fan, cut
from memrob.lipschitz.exact.result import Champions, Exact
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import norm
from memrob.lipschitz.upper.rounding import gamma

TINY = float(np.finfo(np.float64).tiny)

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
    errors : ndarray, shape (n,)
        Upper bounds of the errors of their entries.
    is_certain : bool
        Whether no ray was so close to a line that rounding hides on which side it lies.
    """

    fan: Fan
    codes: np.ndarray
    gradients: np.ndarray
    errors: np.ndarray
    is_certain: bool


@dataclass(frozen=True)
class _Layer:
    """Pre-activations of one hidden layer on the cones of the fan.

    `maps` (n_maps, 3, width) takes rays to them, `sizes`, of that shape, bounds its entries by the
    terms of their sums, of which there are `terms` at most, `origins` (n_cones,) names the map of
    each cone, and `codes` holds the patterns of the layers before.
    """

    fan: Fan
    maps: np.ndarray
    sizes: np.ndarray
    origins: np.ndarray
    codes: np.ndarray
    terms: int
    is_certain: bool


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
    champions, doubts = Champions(ps, dim), Champions(ps, dim)
    count, on_axes, is_certain = 0, [], True
    for found in activation_regions(network, quadrants(dim)):
        centres = found.fan.centres()
        points = centres[:, :dim] / centres[:, 2:]
        champions.offer(found.gradients[:, :dim], points.__getitem__)
        largest = np.abs(found.gradients[:, :dim]) + found.errors[:, None]
        doubts.offer(largest, lambda _: None)
        is_certain &= found.is_certain
        # An axis may have cut a region into pieces that have its pattern in common.
        split = np.logical_or.reduceat((found.fan.rays[:, :2] == 0).any(axis=1), found.fan.starts)
        on_axes.append(np.unique(found.codes[split], axis=0))
        count += np.count_nonzero(~split)
        if count > LARGEST_COUNT:
            raise UserError(f"exact: infeasible, more than {LARGEST_COUNT} regions")
    count += len(np.unique(np.concatenate(on_axes), axis=0))
    if not is_certain:
        doubts.values[:] = np.inf
    return champions.exact(network, "regions", count, doubts=doubts)


def quadrants(dim: int) -> Fan:
    """The four quadrants of the plane; for dim 1 the upper two, each half of the line."""
    up = np.eye(3)
    cones = [
        [sign * up[0], other * up[1], up[2]]
        for sign in (1, -1)
        for other in ((1, -1) if dim == 2 else (1,))
    ]
    rays = np.concatenate(cones)
    return Fan(rays, np.full(len(cones), 3), np.zeros(len(rays)))


def activation_regions(network: ReluNetwork, fan: Fan) -> Iterator[Regions]:
    """Activation regions of a network on R or R^2 within given cones, block by block."""
    weight, bias = network.weights[0], network.biases[0]
    maps = np.zeros((1, 3, len(weight)))
    maps[0, : network.input_dim] = weight.T
    maps[0, 2] = bias
    n_cones = len(fan.sizes)
    codes, origins = np.zeros((n_cones, 0), np.uint8), np.zeros(n_cones, np.int64)
    layer = _Layer(fan, maps, np.abs(maps), origins, codes, 4, True)
    yield from _descend(network, 0, layer)


def _descend(network: ReluNetwork, depth: int, layer: _Layer) -> Iterator[Regions]:
    fan, sources, is_certain = _cut_by_all(layer)
    origins, codes = layer.origins[sources], layer.codes[sources]
    weight, bias = network.weights[depth + 1], network.biases[depth + 1]
    block = max(1, BLOCK // (3 * max(weight.shape)))
    terms = layer.terms + weight.shape[1] + 3
    for start in range(0, len(origins), block):
        part = slice(start, start + block)
        piece, maps = fan.taken(start, start + block), layer.maps[origins[part]]
        bounds = layer.sizes[origins[part]]
        values = np.einsum("nkj,nk->nj", maps, piece.centres())
        active = values > 0
        packed = np.hstack([codes[part], np.packbits(active, axis=1)])
        following = (maps * active[:, None, :]) @ weight.T
        following[:, 2] += bias
        sizes = (bounds * active[:, None, :]) @ np.abs(weight).T
        if depth + 1 == network.depth:
            errors = 2 * gamma(terms) * sizes[:, :2, 0].max(axis=1) + TINY
            yield Regions(piece, packed, following[:, :2, 0], errors, is_certain)
            continue
        sizes[:, 2] += np.abs(bias)
        origin = np.arange(len(piece.sizes))
        below = _Layer(piece, following, sizes, origin, packed, terms, is_certain)
        yield from _descend(network, depth + 1, below)


def _cut_by_all(layer: _Layer) -> tuple[Fan, np.ndarray, bool]:
    """Cones cut by all neurons of a layer, the cone of the layer that each comes from.

    And whether rounding hides no sign. A value that is the sum of zeros alone is 0 for certain.
    """
    fan, sources = layer.fan, np.arange(len(layer.origins))
    # One neuron after another is read for many cones.
    maps = np.ascontiguousarray(layer.maps.transpose(2, 0, 1))
    sizes = np.ascontiguousarray(layer.sizes.transpose(2, 0, 1))
    lengths = norm(sizes, 2)
    origins, is_certain = layer.origins[fan.owners], layer.is_certain
    for neuron in range(len(maps)):
        values = np.einsum("ij,ij->i", maps[neuron][origins], fan.rays)
        reach = np.einsum("ij,ij->i", sizes[neuron][origins], np.abs(fan.rays))
        used = ((sizes[neuron][origins] > 0) & (fan.rays != 0)).any(axis=1)
        tolerances = 2 * gamma(layer.terms + 8) * reach + lengths[neuron][origins] * fan.errors
        tolerances += TINY * used
        # A tolerance that overflowed decides nothing, and one that is no number neither.
        is_certain &= bool(((np.abs(values) > tolerances) | (tolerances == 0)).all())
        cut_fan, kept = cut(fan, values, tolerances)
        if cut_fan is not fan:
            fan, sources = cut_fan, sources[kept]
            origins = layer.origins[sources][fan.owners]
    return fan, sources, is_certain
