"""Small networks, and the largest gradient over every activation pattern, by brute force."""

from itertools import product

import numpy as np

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.random_networks import random_network

PS = [1.0, 1.25, 1.5, 2.0, 3.0, 8.0, np.inf]

SHAPES = [(1, 1, 1), (2, 8, 1), (5, 6, 1), (3, 4, 2), (2, 3, 3), (12, 5, 2)]
"""Input dimension, width and depth."""


def small_networks(seeds=range(4)):
    for seed in seeds:
        for d, width, depth in SHAPES:
            yield random_network(d, width, depth, ["zero", "cauchy"][seed % 2], seed)
    rng = np.random.default_rng(9)
    for sizes in ([3, 5, 2, 1], [2, 1, 6, 1], [4, 1]):
        pairs = list(zip(sizes[1:], sizes, strict=False))
        yield ReluNetwork(
            tuple(rng.standard_cauchy(pair) for pair in pairs),
            tuple(rng.standard_normal(n) for n, _ in pairs),
        )


def largest_over_all_patterns(network, p):
    """At least lip_p: the maximum over all patterns, whether or not any point has them."""
    count = sum(network.widths)
    flags = np.array(list(product([False, True], repeat=count))).reshape(2**count, count)
    patterns = np.split(flags, np.cumsum(network.widths)[:-1], axis=1) if count else []
    return float(norm(network.jacobians(patterns), conjugate(p)).max())
