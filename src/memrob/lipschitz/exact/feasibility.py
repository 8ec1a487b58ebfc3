"""Whether an open polyhedral cone is empty, and a point well inside it if not."""

import numpy as np
from scipy.optimize import linprog, nnls

MARGIN = 1e-9
"""Least radius of a ball about a unit vector in a cone that counts as not empty."""


def interior(rows: np.ndarray) -> np.ndarray | None:
    """The unit vector in the cone {y : rows y > 0} that is farthest from its boundary.

    Parameters
    ----------
    rows : ndarray, shape (m, k)
        Unit normals, m at least 1.

    Returns
    -------
    ndarray, shape (k,), or None
        None if no ball of radius `MARGIN` about a unit vector lies in the cone.

    Notes
    -----
    Our own derivation, from Gordan's theorem: the cone is empty iff 0 is in the convex hull of the
    rows. Let l >= 0 be the least-squares solution of rows^T l = 0, sum(l) = 1. If it is exact, a
    combination of the rows vanishes; if not, the conditions of optimality say that
    y = rows^T l has rows y >= 1 - sum(l) > 0, and y points to the centre. Both answers are
    verified: min(rows y) is at hand, and no unit vector has a larger margin than
    |rows^T l| / sum(l). This is far faster than a linear programme, which decides if neither is
    conclusive.
    """
    system = np.vstack([rows.T, np.ones(len(rows))])
    target = np.zeros(len(system))
    target[-1] = 1
    try:
        multipliers, _ = nnls(system, target)
    except RuntimeError:
        return _by_programme(rows)
    vector = multipliers @ rows
    length = float(np.linalg.norm(vector))
    if length <= MARGIN * multipliers.sum():
        return None
    vector /= length
    return vector if (rows @ vector).min() > MARGIN else _by_programme(rows)


def _by_programme(rows: np.ndarray) -> np.ndarray | None:
    """Maximise t subject to rows y >= t, |y|_inf <= 1."""
    m, k = rows.shape
    found = linprog(
        np.append(np.zeros(k), -1.0),
        A_ub=np.column_stack([-rows, np.ones(m)]),
        b_ub=np.zeros(m),
        bounds=[(-1, 1)] * k + [(None, 1)],
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    vector = found.x[:k]
    length = float(np.linalg.norm(vector))
    return vector / length if length and (rows @ vector).min() > MARGIN * length else None
