"""What decided neurons leave of the space: a cone, known in float64 with errors and in integers."""

from dataclasses import dataclass

import numpy as np

from memrob.lipschitz.exact.cones import open_cone
from memrob.lipschitz.integers import IntegerNetwork
from memrob.lipschitz.upper.rounding import ROUNDOFF, gamma


@dataclass(frozen=True)
class Decided:
    """The cone of (x, t) in which some neurons have given signs.

    Attributes
    ----------
    rows : ndarray, shape (m, k)
        Unit normals in float64, positive inside.
    errors : ndarray, shape (m,)
        Upper bounds of the Euclidean errors of the rows.
    names : tuple
        Of each row, the integer row itself, or (patterns of the layers before, neuron, sign).
    point : ndarray, shape (k,), or None
        A unit vector that is inside for certain.
    inside : ndarray of int, shape (k,), or None
        A vector inside where no float64 vector is known to be.
    """

    rows: np.ndarray
    errors: np.ndarray
    names: tuple
    point: np.ndarray | None
    inside: np.ndarray | None

    def side(self, row: np.ndarray, error: float, exact_row) -> int:
        """Sign of a linear function at the known vector; 0 where float64 or the function is 0.

        `exact_row` is called for the function in integers where float64 does not suffice.
        """
        if self.point is None:
            value = exact_row() @ self.inside
            return int(value > 0) - int(value < 0)
        height = float(row @ self.point)
        allowed = error + 4 * gamma(len(row) + 4)
        return 0 if abs(height) <= allowed else (1 if height > 0 else -1)

    def cut(
        self, row: np.ndarray, error: float, name, integers: IntegerNetwork, known: bool
    ) -> "Decided | None":
        """The part on the positive side of a further function; None if it is empty.

        Parameters
        ----------
        row, error, name
            Of the function, as in the attributes.
        integers : IntegerNetwork
        known : bool
            Whether the known vector is on this side.
        """
        rows = np.vstack([self.rows, row])
        errors = np.append(self.errors, error)
        names = (*self.names, name)
        if known:
            return Decided(rows, errors, names, self.point, self.inside)
        multipliers = None
        if self.point is not None:
            multipliers, point = _nearest(rows, errors)
            if point is not None:
                return Decided(rows, errors, names, point, None)
            if multipliers is not None and _is_certainly_empty(rows, errors, multipliers):
                return None
        exact = np.array([exact_row(integers, name, len(row)) for name in names], dtype=object)
        found = open_cone(exact)
        if found.is_empty:
            return None
        point = as_unit(found.inside)
        certain = (rows @ point > errors + 4 * gamma(len(row) + 4)).all()
        return Decided(rows, errors, names, point if certain else None, found.inside)


def exact_row(integers: IntegerNetwork, name, columns: int) -> np.ndarray:
    """A function of (x, t), or of x alone, in integers, from its name."""
    if isinstance(name, np.ndarray):
        return name
    patterns, neuron, sign = name
    return integers.maps(patterns)[0][neuron][:columns] * sign


def as_unit(vector: np.ndarray) -> np.ndarray:
    """Direction of a vector of integers in float64."""
    drop = max(max(abs(int(entry)).bit_length() for entry in vector) - 1000, 0)
    found = np.array([float(int(entry) >> drop) for entry in vector])
    found /= np.abs(found).max()
    return found / np.linalg.norm(found)


def _nearest(rows: np.ndarray, errors: np.ndarray):
    """Multipliers of the point of the convex hull of the rows next to 0, and a vector inside.

    If 0 is not in the hull, the point y = rows^T l of the least-squares solution of rows^T l = 0,
    sum(l) = 1 has rows y >= 1 - sum(l) > 0: it points to the centre of the cone.
    """
    # Imported here: it takes longer than small networks do.
    from scipy.optimize import nnls

    system = np.vstack([rows.T, np.ones(len(rows))])
    target = np.zeros(len(system))
    target[-1] = 1
    try:
        multipliers, _ = nnls(system, target)
    except RuntimeError:
        return None, None
    vector = multipliers @ rows
    length = float(np.linalg.norm(vector))
    if length > 0:
        vector = vector / length
        if (rows @ vector > errors + 4 * gamma(rows.shape[1] + 4)).all():
            return multipliers, vector
    return multipliers, None


def _is_certainly_empty(rows: np.ndarray, errors: np.ndarray, multipliers: np.ndarray) -> bool:
    """Whether 0 is in the hull of k + 1 of the exact rows, for certain.

    The exact multipliers solve A l = e, columns of A the rows with a 1 each. If
    |I - C A| <= s < 1 in the maximum norm for the approximate inverse C, A is regular and l differs
    from its float64 value by at most |C (e - A l)| / (1 - s) (S. M. Rump, *Verification methods*,
    2010, section 10).
    """
    chosen = np.flatnonzero(multipliers > 0)
    size = rows.shape[1] + 1
    if len(chosen) != size:
        return False
    matrix = np.vstack([rows[chosen].T, np.ones(size)])
    try:
        inverse = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return False
    values = inverse[:, -1]
    if not np.isfinite(inverse).all() or not (values > 0).all():
        return False
    # Rows of unit length: no entry of A exceeds 1 by more than rounding.
    spread = np.abs(inverse).sum(axis=1).max()
    wrong = errors[chosen].max() + 8 * gamma(size + 4)
    contraction = np.abs(np.eye(size) - inverse @ matrix).sum(axis=1).max()
    contraction += spread * size * wrong * (1 + 8 * ROUNDOFF)
    residual = matrix @ values
    residual[-1] -= 1
    allowed = np.abs(residual).max() + wrong * size * np.abs(values).max()
    return bool(contraction < 0.5 and values.min() > 2.1 * spread * allowed)
