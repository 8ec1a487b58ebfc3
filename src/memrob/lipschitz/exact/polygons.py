"""The linear regions of a network on R^2 as polygons, for a picture."""

from typing import NamedTuple

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.exact.fan import Fan
from memrob.lipschitz.exact.regions import activation_regions
from memrob.lipschitz.network import ReluNetwork


class LinearRegion(NamedTuple):
    """A polygon on which a network is affine, and its gradient there.

    Attributes
    ----------
    vertices : ndarray, shape (k, 2)
        In cyclic order.
    gradient : ndarray, shape (2,)
    """

    vertices: np.ndarray
    gradient: np.ndarray


def linear_regions(network: ReluNetwork, radius: float) -> list[LinearRegion]:
    """Activation regions of a network on R^2 within the square [-radius, radius]^2.

    Parameters
    ----------
    network : ReluNetwork
        Of input_dim 2, any depth.
    radius : float
        Half the side of the square, above 0.

    Returns
    -------
    list of LinearRegion
        They cover the square; regions on two sides of a line may have the same gradient.

    Raises
    ------
    UserError
        For another input_dim, or a radius that is not positive.
    """
    if network.input_dim != 2:
        raise UserError(f"linear_regions: input_dim is {network.input_dim}; it must be 2")
    if not 0 < radius < np.inf:
        raise UserError(f"radius: is {radius}; it must be a positive number")
    corners = radius * np.array([[1.0, 1], [-1, 1], [-1, -1], [1, -1]])
    if not network.depth:
        return [LinearRegion(corners, network.weights[0][0].copy())]
    rays = np.column_stack([corners, np.ones(4)])
    rays /= np.linalg.norm(rays, axis=1, keepdims=True)
    found = []
    for regions in activation_regions(network, Fan(rays, np.array([4]), np.full(4, 1e-15))):
        vertices = regions.fan.rays[:, :2] / regions.fan.rays[:, 2:]
        polygons = np.split(vertices, regions.fan.starts[1:])
        found += map(LinearRegion, polygons, regions.gradients)
    return found
