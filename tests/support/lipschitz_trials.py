"""Trials of the shipped experiments on Lipschitz constants that follow the theory, and faults."""

import math
from functools import cache

import numpy as np
import pandas as pd
from shipped_claims import check_claims

from memrob.lipschitz.norms import conjugate
from memrob.lipschitz.theory import expected_norm

PS = (1.0, 1.5, 2.0, 4.0, math.inf)
LAWS = ("zero", "gaussian", "cauchy")
SYMMETRIC = ("zero", "gaussian", "log_uniform")
CELLS = {
    "dimension": {"dims": (8, 16, 32, 64, 128, 256)},
    "width": {"widths": (256, 512, 1024, 2048, 4096, 8192)},
    "width_deep": {"widths": (64, 128, 256, 512), "depths": (3,)},
    "depth": {"depths": (1, 2, 3, 4, 6, 8)},
    "bias": {"depths": (1, 2), "biases": LAWS},
    "bracket": {"dims": (2,), "widths": (16, 64)},
    "bracket_deep": {"dims": (2,), "widths": (8, 16), "depths": (2,)},
    "dimension_deep": {"dims": (8, 16, 32, 64, 128), "depths": (1, 2, 3)},
    "bias_dimension": {"dims": (8, 16, 32, 64), "biases": SYMMETRIC},
    "bias_width": {"widths": (32, 64, 128, 256), "biases": SYMMETRIC},
    "bias_depth": {"depths": (1, 2, 4, 8), "biases": SYMMETRIC},
    "depth_width": {"dims": (8,), "widths": (64, 256, 1024), "depths": (1, 2, 4, 8)},
    "bias_asymmetric": {"depths": (1, 2, 4, 8), "biases": ("zero", "gaussian", "positive")},
    "dimension_below_2": {"dims": (8, 16, 32, 64, 128, 256, 512, 1024)},
}


def table(experiment, restarts=20):
    """Trials that follow the theory, with 2 % noise; sizes not in `CELLS` are 32 and 64d."""
    return made(experiment, restarts).copy()


gaussian_norm = cache(expected_norm)


@cache
def made(experiment, restarts):
    rng = np.random.default_rng(0)
    cells = {"dims": (32,), "widths": None, "depths": (1,), "biases": ("zero",)}
    cells |= CELLS[experiment]
    rows = [
        network_row(d, width, depth, bias, p, restart, noise)
        for d in cells["dims"]
        for width in cells["widths"] or (64 * d,)
        for depth in cells["depths"]
        for bias in cells["biases"]
        for restart in range(restarts)
        for noise in [weights_noise(d, width, depth, restart) * rng.normal(1, 0.003)]
        for p in PS
    ]
    return ADJUSTED.get(experiment, lambda trials: trials)(pd.DataFrame(rows))


def wider_is_slower(trials):
    """The wider, the less a layer adds to lip_p and to the gap."""
    exponent = 0.1 * np.log2(trials["width"] / 64)
    lower = trials["lower"] / trials["depth"] ** exponent
    gap = 2 * (1 + 32 / trials["width"]) ** trials["depth"]
    return trials.assign(lower=lower, upper_probable=lower * gap)


def carried(trials):
    """No network has less with biases than without."""
    keys = ["input_dim", "width", "depth", "restart", "p"]
    zero = trials[trials["bias"] == "zero"].set_index(keys)["lower"]
    least = zero.loc[pd.MultiIndex.from_frame(trials[keys])].to_numpy()
    return trials.assign(lower=np.maximum(trials["lower"], least))


def positive_is_larger(trials):
    trials = carried(trials)
    factor = np.where(trials["bias"] == "positive", 1.1 * trials["depth"] ** 0.2, 1)
    return trials.assign(lower=trials["lower"] * factor)


def two_terms(trials, root=1.2, norm=0.8):
    """root sqrt(d) + norm E|g|_p' for p < 2, with the noise of the table."""
    noise = trials["lower"] / (1.4 * trials["input_dim"] ** 0.5)
    norms = [
        gaussian_norm(conjugate(p), d)
        for p, d in zip(trials["p"], trials["input_dim"], strict=True)
    ]
    changed = noise * (root * trials["input_dim"] ** 0.5 + norm * np.array(norms))
    return trials.assign(lower=np.where(trials["p"] < 2, changed, trials["lower"]))


ADJUSTED = {
    "depth_width": wider_is_slower,
    "bias_dimension": carried,
    "bias_width": carried,
    "bias_depth": carried,
    "bias_asymmetric": positive_is_larger,
    "dimension_below_2": two_terms,
}


def weights_noise(*network):
    """Noise that networks of one seed share, whatever their biases."""
    return math.exp(0.02 * np.random.default_rng(network).standard_normal())


def network_row(d, width, depth, bias, p, restart, noise):
    at_point = noise * gaussian_norm(conjugate(p), d)
    # Rises with p by a factor that the dimension admits, and is of the order that theory says.
    lower = noise * max(1.4 * d**0.5, 1.5 * d ** (1 - 1 / p)) * depth**0.8
    exact = d == 2
    if exact:
        lower = noise * 2 ** (1 - 0.8 / p)
    return {
        "input_dim": d,
        "width": width,
        "depth": depth,
        "bias": bias,
        "p": p,
        "restart": restart,
        "seed": restart,
        "lower": lower,
        "random_largest": 0.9 * min(at_point, lower),
        "point_gradient": 0.5 * min(at_point, lower) if exact else 0.7 * at_point,
        "exact": lower if exact else np.nan,
        "upper": lower * 2.4**depth,
        "upper_product": lower * 3.0**depth,
        "upper_semidefinite": lower * 2.4**depth if p == 2 else np.nan,
        "upper_probable": lower * 2,
        "coordinate_slope": noise * 1.2 * d**0.5,
    }


def claims(experiment, trials, wording):
    found = check_claims(experiment, trials)
    return [c for of_figure in found.values() for c in of_figure if wording in c.statement]


def verdict(experiment, trials, wording):
    (claim,) = claims(experiment, trials, wording)
    return claim.holds


def growing(trials, exponent, column="lower", x="input_dim", **where):
    """Multiply a column by x^exponent in the rows that have the given values."""
    rows = np.ones(len(trials), bool)
    for name, value in where.items():
        rows &= trials[name].isin(value)
    factor = np.where(rows, (trials[x] / trials[x].min()) ** exponent, 1.0)
    return trials.assign(**{column: trials[column] * factor})
