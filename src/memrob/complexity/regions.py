"""How far the region in which a neuron fires is from a ball ([M], Proposition 10).

A neuron made by x* fires where fewer than m of the hyperplanes that have x* on their zero side have
the point on their one side. Along a ray from x* each of these is crossed once at most, so the
region is star-shaped about x* and ends at the m-th crossing: no grid is needed, in any dimension.
As the first width and then the maximal bias grow, it tends to the ball around x* that touches the
nearest point of X+.
"""

import numpy as np

from memrob.interpolation.first_layer import FirstLayer

RAYS_A_BLOCK = 64


def directions(rng: np.random.Generator, count: int, dim: int) -> np.ndarray:
    """Unit vectors: (count, dim) float64, evenly spread in the plane, else uniformly random."""
    if dim == 2:
        angles = 2 * np.pi * np.arange(count) / count
        return np.column_stack([np.cos(angles), np.sin(angles)])
    vectors = rng.standard_normal((count, dim))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def region_radii(
    layer: FirstLayer, point: np.ndarray, X_plus: np.ndarray, rays: np.ndarray
) -> np.ndarray:
    """Distance from a point to the end of its neuron's region along rays.

    Parameters
    ----------
    layer : FirstLayer
        The hyperplanes, n of them.
    point : (d,) floating
        x*, the point of X- that makes the neuron.
    X_plus : (N+, d) floating
        The other class.
    rays : (n_rays, d) floating
        Unit vectors.

    Returns
    -------
    (n_rays,) float64
        Infinite where the region does not end; 0 for all rays if the point makes no neuron, as
        m = 0.
    """
    weights, biases = layer.weights.astype(np.float64), layer.biases.astype(np.float64)
    at_point = weights @ point + biases
    below = at_point <= 0
    weights, gaps = weights[below], -at_point[below]
    others = X_plus.astype(np.float64) - point
    minimum = min(
        int((block @ weights.T > gaps).sum(axis=1).min())
        for block in np.array_split(others, -(-len(others) // RAYS_A_BLOCK))
    )
    if minimum == 0:
        return np.zeros(len(rays))
    radii = np.empty(len(rays))
    for first in range(0, len(rays), RAYS_A_BLOCK):
        speed = rays[first : first + RAYS_A_BLOCK] @ weights.T
        with np.errstate(divide="ignore", invalid="ignore"):
            crossings = np.where(speed > 0, gaps / speed, np.inf)
        part = np.partition(crossings, minimum - 1, axis=1)[:, minimum - 1]
        radii[first : first + RAYS_A_BLOCK] = part
    return radii


def distance_to_ball(radii: np.ndarray, point: np.ndarray, X_plus: np.ndarray) -> float:
    """How far a region is from the ball around its point that touches X+: 0 if it is that ball.

    The mean over the rays of |r - rho| / rho, with rho the distance to the nearest point of X+ and
    r cut at 2 rho.
    """
    return float(np.abs(_in_distances(radii, point, X_plus) - 1).mean())


def spread(radii: np.ndarray, point: np.ndarray, X_plus: np.ndarray) -> float:
    """How far a region is from any ball around its point: 0 if it is one.

    Standard deviation over mean of the radii, each cut at twice the distance to X+; NaN for a
    point that makes no neuron.
    """
    cut = _in_distances(radii, point, X_plus)
    return float(cut.std() / cut.mean()) if cut.any() else float("nan")


def reach(layer: FirstLayer, point: np.ndarray, X_plus: np.ndarray) -> float:
    """How far a region extends towards the nearest point of X+, as a share of that distance.

    It is below 1, as no neuron fires on X+; 0 for a point that makes no neuron.
    """
    steps = X_plus.astype(np.float64) - point
    nearest = steps[np.square(steps).sum(axis=1).argmin()]
    distance = np.linalg.norm(nearest)
    return float(region_radii(layer, point, X_plus, nearest[None] / distance)[0] / distance)


def _in_distances(radii: np.ndarray, point: np.ndarray, X_plus: np.ndarray) -> np.ndarray:
    """Radii over the distance to X+, cut at 2."""
    nearest = float(np.sqrt(np.square(X_plus.astype(np.float64) - point).sum(axis=1).min()))
    return np.minimum(radii / nearest, 2)
