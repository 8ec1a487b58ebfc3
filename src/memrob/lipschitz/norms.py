"""The norms of l^p: conjugate exponents, norms and dual vectors, of NumPy or torch arrays."""

import math

from array_api_compat import array_namespace

from memrob.errors import UserError


def checked_p(p: float | str) -> float:
    """Exponent p from a number or a text such as "1.5" or "inf".

    Raises
    ------
    UserError
        If it is no number in [1, inf].
    """
    try:
        # A truth value is no number, nor is what Python alone takes for one: 1_0, or other digits.
        is_number = not isinstance(p, bool) and ("_" not in str(p) and str(p).isascii())
        value = float(p) if is_number else math.nan
    except (TypeError, ValueError):
        value = math.nan
    if not value >= 1:
        raise UserError(f"p: is {p!r}; it must be a number of at least 1, or inf")
    return value


def conjugate(p: float) -> float:
    """Conjugate exponent p' of p, 1/p + 1/p' = 1."""
    if p == 1:
        return math.inf
    return 1.0 if math.isinf(p) else p / (p - 1)


def norm(vectors, q: float):
    """Norms of l^q along the last axis.

    Parameters
    ----------
    vectors : array, shape (..., d)
        NumPy array or torch tensor of floats.
    q : float
        Exponent in [1, inf].

    Returns
    -------
    array, shape (...,)
        No intermediate result over- or underflows where the norm does not.
    """
    xp = array_namespace(vectors)
    size = xp.abs(vectors)
    if q == 1:
        return xp.sum(size, axis=-1)
    largest = xp.max(size, axis=-1)
    if math.isinf(q):
        return largest
    scale = xp.where(largest > 0, largest, xp.ones_like(largest))
    shares = xp.sum((size / scale[..., None]) ** q, axis=-1)
    return largest * shares ** (1 / q)


def dual_vector(gradients, p: float):
    """Unit vectors of l^p in which gradients are steepest.

    Parameters
    ----------
    gradients : array, shape (..., d)
        NumPy array or torch tensor of floats.
    p : float
        Exponent in [1, inf].

    Returns
    -------
    array, shape (..., d)
        u with |u|_p = 1 and <u, g> = |g|_{p'}, the case of equality in Hölder's inequality; for
        p = 1 the first coordinate of those that are largest; 0 for g = 0.
    """
    xp = array_namespace(gradients)
    signs = xp.sign(gradients)
    if math.isinf(p):
        return signs
    size = xp.abs(gradients)
    if p == 1:
        columns = xp.arange(gradients.shape[-1], device=gradients.device)
        return signs * xp.astype(columns == xp.argmax(size, axis=-1)[..., None], gradients.dtype)
    largest = xp.max(size, axis=-1, keepdims=True)
    size = size / xp.where(largest > 0, largest, xp.ones_like(largest))
    direction = signs * size ** (1 / (p - 1))
    length = norm(direction, p)[..., None]
    return direction / xp.where(length > 0, length, xp.ones_like(length))


def p_text(p: float) -> str:
    """Write an exponent: 1.25 or ∞."""
    return "∞" if p == float("inf") else f"{p:g}"
