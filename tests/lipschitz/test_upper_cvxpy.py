"""The semidefinite bound against the same programme, written down for a general solver."""

import cvxpy as cp
import numpy as np
import pytest

from memrob.lipschitz.random_networks import random_network
from memrob.lipschitz.upper.semidefinite import semidefinite_bound


def optimum(network, p):
    """Bound of lip_p for p = 2 or inf, by cvxpy."""
    sizes = [network.input_dim, *network.widths]
    square, metric = cp.Variable(), cp.Variable(network.input_dim, nonneg=True)
    multipliers = [cp.Variable(width, nonneg=True) for width in network.widths]
    blocks = [[np.zeros((m, n)) for n in sizes] for m in sizes]
    blocks[0][0] = cp.diag(metric)
    for i, (weight, values) in enumerate(zip(network.weights[:-1], multipliers, strict=True)):
        blocks[i + 1][i + 1] = 2 * cp.diag(values)
        blocks[i + 1][i] = -cp.diag(values) @ weight
        blocks[i][i + 1] = blocks[i + 1][i].T
    last = network.weights[-1]
    blocks[-1][-1] = blocks[-1][-1] - last.T @ last
    limit = metric == square if p == 2 else cp.sum(metric) <= square
    problem = cp.Problem(cp.Minimize(square), [cp.bmat(blocks) >> 0, limit])
    problem.solve(solver=cp.CLARABEL)
    assert problem.status == cp.OPTIMAL
    return np.sqrt(square.value)


@pytest.mark.parametrize(("dim", "width", "depth"), [(3, 8, 1), (9, 4, 1), (3, 6, 2), (4, 5, 3)])
@pytest.mark.parametrize("p", [2, np.inf])
def test_bound_is_the_optimum_of_a_general_solver(dim, width, depth, p):
    network = random_network(dim, width, depth, "gaussian", 10 * dim + depth)
    best = optimum(network, p)
    found = semidefinite_bound(network, [p])[p]
    assert best * (1 - 1e-5) <= found <= best * 1.01
