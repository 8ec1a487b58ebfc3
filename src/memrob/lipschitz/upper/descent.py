"""Limited-memory BFGS for objectives that are infinite where a matrix is not positive definite."""

from collections import deque
from collections.abc import Callable

import numpy as np

LONGEST_STEP = 1.0
"""Largest change of a coordinate in one step; the coordinates here are logarithms."""

Objective = Callable[[np.ndarray], tuple[float, np.ndarray | None]]


def minimise(
    objective: Objective,
    start: np.ndarray,
    evaluations: int,
    tolerance: float = 1e-3,
    memory: int = 12,
) -> tuple[np.ndarray, int]:
    """Go down from a feasible point.

    SciPy's line search interpolates between values and does not survive an infinite one; this one
    halves the step until the value falls (Armijo's rule).

    Parameters
    ----------
    objective : callable
        Point (n,) to value and gradient (n,); value inf, gradient None where it is infeasible.
    start : ndarray of float64, shape (n,)
        First point.
    evaluations : int
        Most calls of the objective.
    tolerance : float
        Stop once five steps together gain less than this.
    memory : int
        Pairs of steps and changes of the gradient that are kept.

    Returns
    -------
    (ndarray of float64, shape (n,), int)
        Best point found, the start if it is infeasible; number of evaluations.
    """
    point, (value, gradient) = start, objective(start)
    pairs: deque = deque(maxlen=memory)
    values = [value]
    used = 1
    while gradient is not None and used < evaluations and gradient.any():
        direction = _direction(gradient, pairs)
        slope = gradient @ direction
        step = min(1.0, LONGEST_STEP / np.abs(direction).max())
        while used < evaluations:
            candidate = point + step * direction
            found, new_gradient = objective(candidate)
            used += 1
            if found <= value + 1e-4 * step * slope:
                break
            step /= 2 if np.isfinite(found) else 4
            if step < 1e-10:
                return point, used
        else:
            return point, used
        change = new_gradient - gradient
        if change @ direction > 0:
            pairs.append((step * direction, change))
        point, value, gradient = candidate, found, new_gradient
        values.append(value)
        if len(values) > 5 and values[-6] - value < tolerance:
            break
    return point, used


def _direction(gradient: np.ndarray, pairs: deque) -> np.ndarray:
    """Two-loop recursion; without pairs the steepest descent, its largest coordinate 1/2."""
    if not pairs:
        return -gradient / (2 * np.abs(gradient).max())
    direction, shares = -gradient, []
    for step, change in reversed(pairs):
        share = step @ direction / (step @ change)
        shares.append(share)
        direction = direction - share * change
    step, change = pairs[-1]
    direction = direction * (step @ change / (change @ change))
    for (step, change), share in zip(pairs, reversed(shares), strict=True):
        direction = direction + (share - change @ direction / (step @ change)) * step
    return direction
