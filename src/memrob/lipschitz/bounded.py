"""Bounds on a part of the space, and those of the whole space, which hold there too."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.known import Bracket
from memrob.lipschitz.local import local_bracket
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import norm

SIZES = 10.0 ** np.arange(-2, 4)
"""Sizes of the points at which gradients are looked at."""

POINTS = 50
"""Such points of each size."""


def lowered(known: Bracket, whole: Bracket) -> Bracket:
    """A bracket with the upper bound of another one if that is less."""
    if known.exact is not None or whole.upper is None or whole.upper >= known.upper:
        return known
    # On both sides numbers are rounded.
    upper = whole.upper if known.lower is None else max(whole.upper, known.lower)
    return replace(known, upper=upper, upper_method=whole.upper_method)


def below_whole(
    network: ReluNetwork,
    found: dict[float, Bracket],
    bounds: Callable[[], dict[float, Bracket]],
) -> dict[float, Bracket]:
    """Brackets on a region, none of them above what holds for the whole space.

    Parameters
    ----------
    network : ReluNetwork
    found : dict of float to Bracket
        On the region, by p.
    bounds : callable
        Gives brackets for the whole space; it is called only where they may be of use.
    """
    X = np.random.default_rng(0).standard_normal((len(SIZES), POINTS, network.input_dim))
    gradients = network.gradients((X * SIZES[:, None, None]).reshape(-1, network.input_dim))

    def is_open(known: Bracket) -> bool:
        # No bound of the whole space is below a gradient of it.
        steepest = float(np.nan_to_num(norm(gradients, known.conjugate_p)).max())
        return known.exact is None and known.upper > steepest

    if not any(map(is_open, found.values())):
        return found
    whole = bounds()
    return {p: lowered(known, whole[p]) for p, known in found.items()}


def below_box(
    network: ReluNetwork, found: dict[float, Bracket], box: float, **options
) -> dict[float, Bracket]:
    """Upper bounds on the cube [-box, box]^d, none of them above what is known of that region.

    Options are those of `memrob.lipschitz.local.local_bracket`.
    """
    try:
        local = local_bracket(network, list(found), np.zeros(network.input_dim), box, **options)
    except UserError:  # the cube is of another size than anything in the network
        return found
    return {p: lowered(known, local[p]) for p, known in found.items()}


def without_lower(found: dict[float, Bracket]) -> dict[float, Bracket]:
    """The same with nothing but bounds from above."""
    empty = dict.fromkeys(("lower", "exact", "point", "lower_method", "exact_method"))
    return {p: replace(known, **empty) for p, known in found.items()}
