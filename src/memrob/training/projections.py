"""Projections onto balls of l^1, l^2 and l^inf, of NumPy or torch arrays."""

import math
from typing import Any

from array_api_compat import array_namespace

from memrob.errors import UserError
from memrob.lipschitz.norms import norm

EXPONENTS = (1.0, 2.0, math.inf)
"""Exponents with a projection in closed form."""


def projected(vectors: Any, p: float, radii: Any) -> Any:
    """Nearest points, in the Euclidean norm, of the balls of l^p around 0.

    Parameters
    ----------
    vectors : array, shape (..., d)
        NumPy array or torch tensor of floats.
    p : {1, 2, inf}
        Norm of the ball.
    radii : array, shape (...)
        Radius of each vector's ball, at least 0; of the kind and precision of `vectors`.

    Returns
    -------
    array, shape (..., d)
        `vectors` where they are in their balls already.

    Raises
    ------
    UserError
        For another p.

    Notes
    -----
    For p = 1 sizes are lowered by a threshold and cut off at 0 (J. Duchi, S. Shalev-Shwartz,
    Y. Singer, T. Chandra, *Efficient projections onto the l1-ball*, ICML 2008): the largest of
    (s_k - r) / k over k, s_k the sum of the k largest sizes, if that is positive.
    """
    xp = array_namespace(vectors)
    radii = radii[..., None]
    if math.isinf(p):
        return xp.minimum(xp.maximum(vectors, -radii), radii)
    if p == 2:
        lengths = norm(vectors, 2)[..., None]
        inside = lengths <= radii
        return xp.where(inside, vectors, vectors * (radii / xp.where(inside, 1.0, lengths)))
    if p != 1:
        raise UserError(f"p: is {p!r}; projections are for 1, 2 and inf")
    sizes = xp.abs(vectors)
    sums = xp.cumulative_sum(xp.sort(sizes, axis=-1, descending=True), axis=-1)
    counts = xp.arange(1, vectors.shape[-1] + 1, dtype=vectors.dtype, device=vectors.device)
    thresholds = xp.max((sums - radii) / counts, axis=-1, keepdims=True)
    thresholds = xp.where(thresholds > 0, thresholds, xp.zeros_like(thresholds))
    left = sizes - thresholds
    return xp.sign(vectors) * xp.where(left > 0, left, xp.zeros_like(left))
