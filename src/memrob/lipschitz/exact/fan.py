"""Convex cones in R^3 given by their extreme rays, many at once, and how a plane cuts them.

A point x of the plane is the ray of (x, 1), a direction that of (x, 0): so a cone stands for a
convex polygon, bounded or not.
"""

from dataclasses import dataclass

import numpy as np

EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Fan:
    """Cones in one flat array.

    Attributes
    ----------
    rays : ndarray, shape (n_rays, 3)
        Unit vectors, cone after cone, in cyclic order within each.
    sizes : ndarray of int, shape (n_cones,)
        Rays of each cone, at least 3.
    errors : ndarray, shape (n_rays,)
        Upper bounds of the Euclidean errors of the rays.
    """

    rays: np.ndarray
    sizes: np.ndarray
    errors: np.ndarray

    @property
    def starts(self) -> np.ndarray:
        """First ray of each cone."""
        return np.cumsum(self.sizes) - self.sizes

    @property
    def owners(self) -> np.ndarray:
        """Cone of each ray."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def centres(self) -> np.ndarray:
        """Unit vectors inside the cones, (n_cones, 3)."""
        sums = np.add.reduceat(self.rays, self.starts, axis=0)
        return sums / np.linalg.norm(sums, axis=1, keepdims=True)

    def taken(self, start: int, stop: int) -> "Fan":
        """Cones start ... stop - 1."""
        first = self.sizes[:start].sum()
        sizes = self.sizes[start:stop]
        part = slice(first, first + sizes.sum())
        return Fan(self.rays[part], sizes, self.errors[part])


def cut(fan: Fan, values: np.ndarray, tolerances: np.ndarray) -> tuple[Fan, np.ndarray]:
    """Cut every cone by the plane on which a linear function vanishes.

    Parameters
    ----------
    fan : Fan
        The cones; each may have a function of its own.
    values : ndarray, shape (n_rays,)
        Values of the function at the rays.
    tolerances : ndarray, shape (n_rays,)
        A ray at which the function is no larger than this is taken to lie on the plane.

    Returns
    -------
    Fan
        Cones on one side of the plane, whole, then the positive and the negative parts of others.
    ndarray of int
        Which cone each was, or was part of.
    """
    signs = np.where(np.abs(values) > tolerances, np.sign(values), 0.0)
    starts = fan.starts
    crossed = np.maximum.reduceat(signs, starts) > np.minimum.reduceat(signs, starts) + 1
    if not crossed.any():
        return fan, np.arange(len(fan.sizes))
    apart = np.repeat(crossed, fan.sizes)
    cut_ones, whole = np.flatnonzero(crossed), np.flatnonzero(~crossed)
    sizes = fan.sizes[cut_ones]
    rays, values, signs = fan.rays[apart], values[apart], signs[apart]
    errors, tolerances = fan.errors[apart], tolerances[apart]

    following = np.arange(1, len(rays) + 1)
    ends = np.cumsum(sizes)
    following[ends - 1] = ends - sizes
    between = signs * signs[following] < 0
    pairs = np.empty((len(rays), 2, 3))
    pairs[:, 0] = rays
    # Proportions alone matter, and squares of large or of small values would be out of range.
    largest = np.maximum(np.abs(values), np.abs(values[following]))
    unit = np.where(between, largest, np.inf)
    own, other = np.abs(values) / unit, np.abs(values[following]) / unit
    doubt = (tolerances + tolerances[following]) / unit
    fresh = other[:, None] * rays + own[:, None] * rays[following]
    lengths = np.where(between, np.linalg.norm(fresh, axis=1), 1.0)
    pairs[:, 1] = fresh / lengths[:, None]
    # What moves the ends of an edge, and what moves the cut along it.
    moved = other * errors + own * errors[following]
    apart_by = np.linalg.norm(rays - rays[following], axis=1)
    moved += doubt * (apart_by + errors + errors[following])
    pair_errors = np.column_stack([errors, 2 * moved / lengths + 8 * EPSILON])
    owners = np.repeat(np.arange(len(sizes)), sizes)
    parts = [
        _part(pairs, pair_errors, np.column_stack([side * signs >= 0, between]), owners, len(sizes))
        for side in (1, -1)
    ]
    return (
        Fan(
            np.concatenate([fan.rays[~apart], *(part.rays for part in parts)]),
            np.concatenate([fan.sizes[whole], *(part.sizes for part in parts)]),
            np.concatenate([fan.errors[~apart], *(part.errors for part in parts)]),
        ),
        np.concatenate([whole, cut_ones, cut_ones]),
    )


def _part(
    pairs: np.ndarray, errors: np.ndarray, kept: np.ndarray, owners: np.ndarray, n_cones: int
) -> Fan:
    """Cones of the kept rays among pairs (ray, ray of the cut that follows it)."""
    counts = np.bincount(owners, weights=kept.sum(axis=1), minlength=n_cones).astype(int)
    return Fan(pairs[kept], counts, errors[kept])
