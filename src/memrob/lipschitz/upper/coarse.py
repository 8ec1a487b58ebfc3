"""First multipliers of a wide network, from the optimum of a small random part of it.

Our own method. Where a layer is wide, few evaluations of the semidefinite bound are affordable, and
descents from multipliers in closed form end far from the optimum. By how much multipliers grow from
layer to layer there depends little on the width: a part of the network tells.
"""

import numpy as np

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.upper.descent import minimise
from memrob.lipschitz.upper.spectral import certified_spectral_norm

PART_WIDTH = 100
"""Neurons of each layer that are kept."""

SHARE = 0.7
"""Share of the change of the part's multipliers that is tried first."""


def coarse_start(problem, network: ReluNetwork, evaluations: int, tries: int) -> np.ndarray:
    """Better multipliers than those in closed form, or these.

    Parameters
    ----------
    problem : DeepMultipliers
        Of the network, or of a class derived from it.
    network : ReluNetwork
        Of depth 2 at least.
    evaluations : int
        Most evaluations of the part.
    tries : int
        Shares of the change that are tried: after the first, the middle between the largest that
        is feasible and the least that is not.

    Returns
    -------
    ndarray of float64, shape (N_1 + ... + N_L,)
        Logarithms of multipliers: in each layer those in closed form and a constant. Feasible.
    """
    smaller, metric = part_of(network, PART_WIDTH), np.ones(network.input_dim)
    if _has_idle_neurons(smaller):
        return problem.start()
    part = type(problem)(smaller)
    first = point = part.start()
    for barrier in part.barriers:
        point, used = minimise(
            lambda logs, barrier=barrier: part.log_square(logs, metric, barrier)[:2],
            point,
            evaluations,
        )
        evaluations -= used
    starts = np.cumsum(part.widths) - part.widths
    changes = np.add.reduceat(point - first, starts) / part.widths
    best, change = problem.start(), np.repeat(changes, network.widths)
    start, least = best, problem.log_square(best, metric)[0]
    feasible, infeasible, share = 0.0, 1.0, SHARE
    for _ in range(tries):
        found = start + share * change
        value = problem.log_square(found, metric)[0]
        if value < least:
            best, least = found, value
        if np.isfinite(value):
            feasible = share
        else:
            infeasible = share
        share = (feasible + infeasible) / 2
    return best


def part_of(network: ReluNetwork, width: int) -> ReluNetwork:
    """Some random neurons of each layer, with weights of the same spectral norms.

    Parameters
    ----------
    network : ReluNetwork
    width : int
        Neurons that are kept of each wider hidden layer.
    """
    rng = np.random.default_rng(0)
    kept = [np.arange(network.input_dim)]
    kept += [np.sort(rng.permutation(size)[:width]) for size in network.widths]
    kept += [np.arange(len(network.weights[-1]))]
    weights = []
    for weight, before, after in zip(network.weights, kept, kept[1:], strict=False):
        part = weight[np.ix_(after, before)]
        size = certified_spectral_norm(part)
        weights.append(part * (certified_spectral_norm(weight) / size) if size else part)
    return ReluNetwork(tuple(weights), tuple(np.zeros(len(weight)) for weight in weights))


def _has_idle_neurons(network: ReluNetwork) -> bool:
    return any(
        not (before.any(axis=1) & after.any(axis=0)).all()
        for before, after in zip(network.weights, network.weights[1:], strict=False)
    )
