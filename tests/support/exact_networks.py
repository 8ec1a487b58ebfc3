"""Small networks, and their exact Lipschitz constants by exhaustion of all activation patterns."""

import itertools
from unittest.mock import patch

import numpy as np
from scipy.optimize import linprog

from memrob.lipschitz.exact import branching
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm

PS = (1.0, 1.25, 1.5, 2.0, 3.0, 8.0, np.inf)


def network(*layers):
    """A network from (weight, bias) pairs."""
    weights = tuple(np.array(weight, dtype=float) for weight, _ in layers)
    return ReluNetwork(weights, tuple(np.array(bias, dtype=float) for _, bias in layers))


def draw(rng, dim, widths, biased):
    """A Gaussian network."""
    sizes = [dim, *widths, 1]
    return network(
        *(
            (
                rng.standard_normal((above, below)) / np.sqrt(below),
                rng.standard_normal(above) if biased else np.zeros(above),
            )
            for below, above in itertools.pairwise(sizes)
        )
    )


def shallow(weight, bias, last):
    """A network of depth 1."""
    return network((weight, bias), ([last], [0.0]))


def attained_gradients(net):
    """Gradients of all patterns that a linear programme finds to have interior points."""
    found = []
    for pattern in itertools.product((False, True), repeat=sum(net.widths)):
        active = np.split(np.array(pattern), np.cumsum(net.widths)[:-1])
        matrix, shift, rows, rest = np.eye(net.input_dim), 0.0, [], []
        for weight, bias, on in zip(net.weights, net.biases, active, strict=False):
            matrix, shift = weight @ matrix, weight @ (shift * np.ones(len(matrix))) + bias
            signs = np.where(on, 1.0, -1.0)
            rows.append(signs[:, None] * matrix)
            rest.append(signs * shift)
            matrix, shift = on[:, None] * matrix, on * shift
        if _open(np.vstack(rows), np.concatenate(rest)):
            found.append((net.weights[-1] @ matrix)[0])
    return np.array(found)


def _open(rows, rest):
    """Whether rows x + rest > 0 for some x; rows that are 0 in both count on both sides."""
    constant = ~rows.any(axis=1)
    if (rest[constant] < 0).any():
        return False
    rows, rest = rows[~constant], rest[~constant]
    if not len(rows):
        return True
    d = rows.shape[1]
    found = linprog(
        np.append(np.zeros(d), -1.0),
        A_ub=np.column_stack([-rows, np.linalg.norm(rows, axis=1)]),
        b_ub=rest,
        bounds=[(None, None)] * d + [(None, 1)],
    )
    return found.status == 0 and found.x[-1] > 1e-7


def by_exhaustion(net, ps=PS):
    """lip_p for each p."""
    gradients = attained_gradients(net)
    return {p: float(norm(gradients, conjugate(p)).max()) for p in ps}


def by_search(net, ps):
    """By branching, without the random points that often attain the maximum of small networks."""
    with patch.object(branching, "SAMPLES", 0):
        return branching.by_branching(net, ps)


def assert_attained(net, exact):
    """The points returned have the gradients that the values claim."""
    for p, value in exact.values.items():
        gradient = net.gradients(exact.points[p][None])[0]
        np.testing.assert_allclose(norm(gradient, conjugate(p)), value, rtol=1e-9)


def assert_same(first, second, rtol=1e-9):
    assert list(first) == list(second)
    np.testing.assert_allclose(list(first.values()), list(second.values()), rtol=rtol)
