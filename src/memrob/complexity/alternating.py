"""Alternating points on a line, which need as many neurons as X- has points ([M], Proposition 13).

Along a line a hyperplane changes sides once. Let x* of X- have made a neuron, and let p of X+ lie
between x* and another point x of X-. Each hyperplane with x* on its zero side and p on its one side
has x on its one side too, so <u, Phi(x)> >= <u, Phi(p)> >= m and the neuron does not fire at x.
Hence every point of X- needs a neuron of its own.
"""

import numpy as np

from memrob.errors import UserError


def alternating_points(
    n_minus: int, input_dim: int = 2, gap: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Points on a line that belong to X+ and X- in turns, X+ at both ends.

    Parameters
    ----------
    n_minus : int
        M-, the number of points of X-; X+ has one more.
    input_dim : int
        Dimension of the space that the line lies in.
    gap : float
        Distance of neighbours.

    Returns
    -------
    X : ndarray of shape (2 n_minus + 1, input_dim), dtype float32
        On the line through the origin in the direction (1, ..., 1), symmetric about it.
    y : ndarray of shape (2 n_minus + 1,), dtype int64
        1 for X-, 0 for X+.
    """
    if n_minus < 1 or input_dim < 1 or not gap > 0:
        raise UserError(
            f"n_minus, input_dim, gap: are {n_minus}, {input_dim}, {gap}; all must be positive"
        )
    places = gap * np.arange(-n_minus, n_minus + 1)
    direction = np.full(input_dim, 1 / np.sqrt(input_dim))
    X = (places[:, None] * direction).astype(np.float32)
    return X, (np.arange(2 * n_minus + 1) % 2).astype(np.int64)
