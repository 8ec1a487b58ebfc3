"""The table of many trials: Lipschitz constants of random networks, bracketed for every p."""

import itertools
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from memrob.lipschitz.exact import exact_lipschitz
from memrob.lipschitz.lower import LowerBound, coordinate_constants, search
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import conjugate, norm
from memrob.lipschitz.probable import probable_upper
from memrob.lipschitz.random_networks import SYMMETRIC_LAWS, random_network
from memrob.lipschitz.upper import METHODS, least_of, upper_bounds
from memrob.studies.lipschitz.trial import Trial

ANCHORS = (1.0, 2.0, np.inf)
"""Exponents whose upper bounds bear on all others."""

BATCH_NUMBERS = 2**22
"""Approximate number of weights of the networks of a batch."""

MOST_IN_BATCH = 32
POINTS = 64
"""Random points at which gradients are averaged."""

SAMPLES = 512
"""Random points among which the largest gradient is looked for."""

PROBABILITY = 0.99
"""Probability with which the probable upper bound holds."""


def run_trials(trials: Iterable[Trial], threads: int = 1) -> pd.DataFrame:
    """Run trials, those of one shape in batches: one row per network and p, in their order.

    Parameters
    ----------
    trials : iterable of Trial
        Trials.
    threads : int
        Threads of the matrix products.

    Returns
    -------
    pandas.DataFrame
        Columns: `input_dim`, `width`, `depth`, `bias`, `p`, `restart`, `seed`, `conjugate_p`,
        `lower`, `lower_method`, `random_largest` (the largest |gradient|_{p'} at random points),
        `point_gradient` (its mean), `exact`, `upper` (the least that is certain), one `upper_...`
        for each method, `upper_probable`, `coordinate_slope` (the mean over some coordinates i of
        the largest |dPhi/dx_i| found) and `seconds`, the wall time of the network divided by the
        number of its rows. What was not computed is missing. No row depends on the others.
    """
    rows: list[dict] = []
    with threadpool_limits(limits=threads):
        for batch in _batches(trials):
            rows.extend(_run_batch(batch))
    return pd.DataFrame(rows)


def _batches(trials: Iterable[Trial]) -> Iterator[list[Trial]]:
    for _, group in itertools.groupby(trials, key=lambda t: replace(t, restart=0, seed=0)):
        members = list(group)
        first = members[0]
        weights = first.width * (first.input_dim + (first.depth - 1) * first.width)
        size = int(np.clip(BATCH_NUMBERS // weights, 1, MOST_IN_BATCH))
        yield from (members[i : i + size] for i in range(0, len(members), size))


def _run_batch(trials: list[Trial]) -> list[dict]:
    first, start = trials[0], time.perf_counter()
    networks = [random_network(t.input_dim, t.width, t.depth, t.bias, t.seed) for t in trials]
    lowers = search(
        networks,
        first.ps,
        seeds=[trial.seed for trial in trials],
        restarts=first.search_restarts,
        steps=first.search_steps,
    )
    typical = np.full(len(trials), np.nan)
    if first.coordinates:
        seeds = [trial.seed for trial in trials]
        found = coordinate_constants(networks, seeds=seeds, count=first.coordinates)
        typical = found.mean(axis=1)
    searching = (time.perf_counter() - start) / len(trials)
    rows = []
    for trial, network, lower, slope in zip(trials, networks, lowers, typical, strict=True):
        start = time.perf_counter()
        found = [{**row, "coordinate_slope": slope} for row in _bracket(trial, network, lower)]
        seconds = (searching + time.perf_counter() - start) / len(trial.ps)
        rows += [{**row, "seconds": round(seconds, 6)} for row in found]
    return rows


def _bracket(trial: Trial, network: ReluNetwork, lower: dict[float, LowerBound]) -> Iterator[dict]:
    uppers, least, probable = {}, {}, {}
    if trial.upper:
        uppers = upper_bounds(
            network, list({*ANCHORS, *trial.ps}), list(trial.upper), trial.upper_operations
        )
        least = least_of(uppers, list(trial.ps), trial.input_dim)
        symmetric = trial.bias in SYMMETRIC_LAWS
        probable = probable_upper(network, list(trial.ps), PROBABILITY, symmetric=symmetric)
    exact = _exact(trial, network)
    sampled = _random_gradients(network, trial.seed)
    for p in trial.ps:
        sizes = norm(sampled, conjugate(p))
        yield {
            "input_dim": trial.input_dim,
            "width": trial.width,
            "depth": trial.depth,
            "bias": trial.bias,
            "p": p,
            "restart": trial.restart,
            "seed": trial.seed,
            "conjugate_p": conjugate(p),
            "lower": lower[p].value,
            "lower_method": lower[p].method,
            "random_largest": float(sizes.max()),
            "point_gradient": float(sizes[:POINTS].mean()),
            "exact": exact.get(p, np.nan),
            "upper": least.get(p, np.nan),
            **{f"upper_{m}": uppers.get(m, {}).get(p, np.nan) for m in METHODS},
            "upper_probable": probable.get(p, np.nan),
        }


def _exact(trial: Trial, network: ReluNetwork) -> dict[float, float]:
    """Exact values for the exponents for which they are settled."""
    if not trial.exact:
        return {}
    found = exact_lipschitz(network, trial.ps)
    return {p: value for p, value in found.values.items() if p not in found.doubtful}


def _random_gradients(network: ReluNetwork, seed: int) -> np.ndarray:
    """Gradients (SAMPLES, d) at standard Gaussian points."""
    points = np.random.default_rng([seed, 2]).standard_normal((SAMPLES, network.input_dim))
    return network.gradients(points)
