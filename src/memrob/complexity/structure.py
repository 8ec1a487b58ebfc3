"""Random points with the structures of Remark 12 of [M]: in a subspace, or sparse (own).

All points of X- lie on a sphere so small that one ball of a mutual covering holds them, and X+ is a
single point at distance about 1. Then omega is w^2 of X- up to constants, and only the structure
and the number of points change it.
"""

import re

import numpy as np

from memrob.errors import UserError

RADIUS = 0.2
"""Of the sphere of X-, so that the ball around any of its points holds all of them."""

STRUCTURE = re.compile(r"dense|([1-9]\d*)-(dimensional|sparse)")


def structured_points(
    rng: np.random.Generator, structure: str, n_minus: int, input_dim: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a class with a structure, and one point of the other class.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the points.
    structure : str
        "dense", "K-dimensional" (in a random subspace of dimension K) or "S-sparse" (S entries are
        not zero, at random places).
    n_minus : int
        Number of points of X-.
    input_dim : int
        d.

    Returns
    -------
    X_minus : ndarray of shape (n_minus, input_dim), dtype float32
        On the sphere of radius `RADIUS` around the origin.
    plus : ndarray of shape (input_dim,), dtype float32
        Of norm 1.

    Raises
    ------
    UserError
        If there is no such structure in that dimension.
    """
    match = STRUCTURE.fullmatch(structure)
    if match is None:
        raise UserError(
            f"structure: is {structure!r}; it must be dense, or K-dimensional or S-sparse with a "
            "number"
        )
    size = int(match[1]) if match[1] else input_dim
    if size > input_dim:
        raise UserError(f"structure: is {structure!r}; the dimension is {input_dim} only")
    if match[2] == "sparse":
        points = rng.standard_normal((n_minus, input_dim))
        ranks = rng.random((n_minus, input_dim)).argsort(axis=1)
        points[ranks >= size] = 0
    else:
        basis, _ = np.linalg.qr(rng.standard_normal((input_dim, size)))
        points = rng.standard_normal((n_minus, size)) @ basis.T
    points *= RADIUS / np.linalg.norm(points, axis=1, keepdims=True)
    plus = rng.standard_normal(input_dim)
    return points.astype(np.float32), (plus / np.linalg.norm(plus)).astype(np.float32)
