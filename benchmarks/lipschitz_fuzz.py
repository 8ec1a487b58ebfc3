"""Brackets of networks made to be nasty, against rational brute force.

    python -m benchmarks.lipschitz_fuzz --networks 10000 --seed 0

Prints each violation of lower <= lip_p <= upper, of lower <= exact <= upper, and of an exact value
that is not lip_p, and what share of the networks was settled. Exit status 1 if there is any.
"""

import argparse
import sys
import time
import traceback
from collections import Counter
from fractions import Fraction
from math import inf

import numpy as np

from benchmarks.rational_networks import gradients
from memrob.errors import UserError
from memrob.lipschitz.bracket import bracket
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate

PS = (1.0, 1.5, 2.0, inf)
MOST = Fraction(10) ** 306
"""Size of gradients above which a refusal is right: bounds exceed double precision."""

CLOSE = Fraction(1, 10**9)
"""Relative difference that an exact value may have (`memrob.lipschitz.exact.result.ROUNDING`)."""


def main(arguments: list[str] | None = None) -> int:
    """Try networks and print what is wrong; 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--networks", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first network")
    options = parser.parse_args(arguments)
    start, faults, settled, kinds = time.monotonic(), 0, 0, Counter()
    for number in range(options.first, options.first + options.networks):
        kind, network = nasty(options.seed, number)
        found, open_values = violations(network, thorough=number % 4 == 0)
        settled += not open_values
        kinds[kind] += 1
        faults += bool(found)
        for text in found:
            print(f"network {number} ({kind}, seed {options.seed}): {text}", flush=True)
        if number % 500 == 499:
            print(f"{number + 1} networks, {time.monotonic() - start:.0f} s", file=sys.stderr)
    print(", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    print(
        f"{options.networks} networks, seed {options.seed}: {faults} with violations, "
        f"{settled} settled for every p, {time.monotonic() - start:.0f} s"
    )
    return bool(faults)


def violations(network: ReluNetwork, thorough: bool = True) -> tuple[list[str], int]:
    """What is wrong with the brackets of a network, and how many values they leave open."""
    truth, found, open_values = gradients(network), [], 0
    for method in ("all", "exact") if thorough else ("all",):
        try:
            known = bracket(network, PS, method=method, restarts=2, steps=3, operations=0)
        except UserError as error:
            if "exceed double precision" in str(error) and scale_of(truth) > MOST:
                return [], len(PS)
            return [f"{method}: {error}"], len(PS)
        except Exception:
            return [f"{method}: {traceback.format_exc(limit=-3)}"], 1
        for p, bounds in known.items():
            values = {"lower": bounds.lower, "exact": bounds.exact, "upper": bounds.upper}
            text = f"p = {p}, {method}: {values}"
            given = [value for value in values.values() if value is not None]
            if given != sorted(given):
                found.append(f"{text} are out of order")
            for name, sign in (("lower", 1), ("upper", -1)):
                if sign * compared(truth, p, bounds.__dict__[name]) > 0:
                    found.append(f"{text}: {name} is wrong, lip is {largest(truth, p)}")
            if bounds.exact is None:
                open_values += 1
            elif (
                compared(truth, p, Fraction(bounds.exact) * (1 - CLOSE)) > 0
                or compared(truth, p, Fraction(bounds.exact) * (1 + CLOSE)) < 0
            ):
                found.append(f"{text}: exact is wrong, lip is {largest(truth, p)}")
            if bounds.exact is None and method == "exact" and not (bounds.lower < bounds.upper):
                found.append(f"{text}: neither settled nor an interval")
    return found, open_values


def compared(truth: list[list[Fraction]], p: float, value) -> int:
    """Sign of value - lip_p; for p other than 1, 2, inf 0 within 1e-13."""
    if value == inf:
        return 1
    value = Fraction(value)
    if p == 2:
        exact = max(sum(entry * entry for entry in row) for row in truth)
        return (value * value > exact) - (value * value < exact)
    if p in (1, inf):
        exact = max((max if p == 1 else sum)(map(abs, row)) for row in truth)
        return (value > exact) - (value < exact)
    exact = Fraction(largest(truth, p)) * scale_of(truth)
    if not scale_of(truth):
        return int(value > 0)
    slack = exact / 10**13
    return (value > exact + slack) - (value < exact - slack)


def scale_of(truth: list[list[Fraction]]) -> Fraction:
    """Largest entry of any gradient."""
    return max((abs(entry) for row in truth for entry in row), default=Fraction(0))


def largest(truth: list[list[Fraction]], p: float) -> float:
    """lip_p over the largest entry of a gradient, in float64."""
    scale, q = scale_of(truth) or Fraction(1), conjugate(p)
    rows = [[abs(float(entry / scale)) for entry in row] for row in truth]
    if q == inf:
        return max(map(max, rows))
    return max(sum(entry**q for entry in row) for row in rows) ** (1 / q)


def nasty(seed: int, number: int) -> tuple[str, ReluNetwork]:
    """A small network of the kind that the number chooses."""
    rng = np.random.default_rng([seed, number])
    kind = list(KINDS)[number % len(KINDS)]
    deep = kind == "many layers"
    dim = int(rng.integers(1, 4))
    widths = [int(rng.integers(1, 3)) for _ in range(rng.integers(15, 51))] if deep else None
    widths = widths or [int(rng.integers(1, 4)) for _ in range(rng.integers(1, 4))]
    sizes = [dim, *widths, 1]
    weights = [rng.standard_normal(pair) for pair in zip(sizes[1:], sizes, strict=False)]
    biased = rng.random() < 0.8
    biases = [rng.standard_normal(len(weight)) * biased for weight in weights]
    KINDS[kind](rng, weights, biases)
    return kind, ReluNetwork(tuple(weights), tuple(biases))


def _lattice(rng, weights, biases) -> None:
    for weight, bias in zip(weights[:-1], biases, strict=False):
        weight[:] = rng.integers(-1, 2, weight.shape)
        bias[:] = rng.integers(-1, 2, bias.shape)


def _slivers(rng, weights, biases) -> None:
    """Hyperplanes next to each other: copies, moved by a few units of the last place or more."""
    weight, bias = weights[0], biases[0]
    source = rng.integers(0, len(weight), len(weight))
    factors = rng.choice([1.0, -1.0, 2.0, 3.0], len(weight))
    weight[:], bias[:] = weight[source] * factors[:, None], bias[source] * factors
    bias += rng.choice([0, 1e-17, 2e-16, 1e-13, 1e-9], len(bias)) * rng.standard_normal(len(bias))
    weight *= 1 + rng.choice([0, 0, 2e-16, 1e-12], weight.shape)


def _scales(rng, weights, biases) -> None:
    for weight, bias in zip(weights, biases, strict=True):
        weight *= 10.0 ** rng.uniform(-300, 300)
        bias *= 10.0 ** rng.uniform(-300, 300)


def _entries(rng, weights, biases) -> None:
    decades = rng.choice([8, 40, 150, 300])
    for values in (*weights, *biases):
        values *= 10.0 ** rng.uniform(-decades, decades, values.shape)


def _biases(rng, weights, biases) -> None:
    for bias in biases:
        bias *= 10.0 ** rng.uniform(-6, 6, bias.shape)


def _subnormals(rng, weights, biases) -> None:
    chosen = weights[rng.integers(len(weights))]
    chosen *= 10.0 ** rng.uniform(-322, -300, chosen.shape)
    biases[0] *= rng.choice([1.0, 1e-310, 0.0])


def _dead(rng, weights, biases) -> None:
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        weight[rng.random(len(weight)) < 0.3] = 0
        weight[rng.random(weight.shape) < 0.3] = 0
        bias[rng.random(len(bias)) < 0.3] = -1
    weights[-1][:, rng.random(weights[-1].shape[1]) < 0.3] = 0


def _far(rng, weights, biases) -> None:
    """Regions far from the origin, behind biases of many sizes."""
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        weight[:] = rng.integers(-1, 2, weight.shape)
        bias[:] = rng.integers(-3, 4, bias.shape) * 10.0 ** rng.integers(0, 14, bias.shape)


KINDS = {
    "Gaussian": lambda *_: None,
    "lattice": _lattice,
    "slivers": _slivers,
    "scales of layers": _scales,
    "scales of entries": _entries,
    "biases": _biases,
    "subnormal": _subnormals,
    "dead": _dead,
    "far": _far,
    "many layers": lambda *_: None,
}


if __name__ == "__main__":
    sys.exit(main())
