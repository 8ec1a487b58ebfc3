"""Claims that hold for every single network: the order of the bounds, and of the exponents."""

from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from memrob.lipschitz.norms import p_text
from memrob.studies.claim import Rule
from memrob.studies.lipschitz.cells import BIAS_TEXTS, METHODS, NETWORK, exponents
from memrob.studies.verdict import Verdict

# Relative; sums of a few thousand terms round by less.
ROUNDING = 1e-9
BELOW = ["lower", "random_largest", "point_gradient"]
ABOVE = ["upper", *METHODS]
# Where a search should find the constant: regions are few enough.
SMALL_DIM, SMALL_WIDTH = 2, 256
# A bound of probability 0.99 is refuted when that many failures had a chance below this.
IMPROBABLE = 1e-3


def bounds_in_order(trials: pd.DataFrame) -> Verdict:
    """Decide whether every lower bound is below every exact value and upper bound in each row."""
    compared, broken = 0, []
    pairs = [(low, high) for low in BELOW for high in ["exact", *ABOVE]]
    for low, high in [*pairs, *(("exact", high) for high in ABOVE)]:
        rows = _known(trials, low, high)
        compared += len(rows)
        wrong = rows[rows[low] > rows[high] * (1 + ROUNDING)]
        broken += [
            (row[low] / row[high], f"{low} / {high} = {row[low] / row[high]:.12g} in {_where(row)}")
            for _, row in wrong.iterrows()
        ]
    if not compared:
        return None, "the table has neither exact values nor upper bounds"
    evidence = f"{len(broken):,} of {compared:,} comparisons are out of order"
    if broken:
        evidence += f", the worst: {max(broken)[1]}"
    return not broken, evidence


def probable_bound_holds(trials: pd.DataFrame) -> Verdict:
    """Decide whether no more networks exceed the bound of probability 0.99 than it admits.

    For each p the networks above it are counted, by their exact constant or else the searched
    one; a binomial count with probability 0.01.
    """
    rows = _known(trials, "lower", "upper_probable")
    if rows.empty:
        return None, "the table has no bounds of probability 0.99"
    value = rows["lower"] if "exact" not in rows else rows["exact"].fillna(rows["lower"])
    rows = rows.assign(above=value > rows["upper_probable"] * (1 + ROUNDING))
    counts = rows.groupby("p")["above"].agg(["sum", "size"])
    chances = [binomtest(k, n, 0.01, alternative="greater").pvalue for k, n in counts.to_numpy(int)]
    worst = int(np.argmin(chances))
    above, total = counts.iloc[worst]
    return bool(min(chances) >= IMPROBABLE), (
        f"at most {counts['sum'].max()} networks exceed it at one p; least probable at "
        f"p = {p_text(counts.index[worst])}: {above} of {total}"
    )


def search_is_exact(trials: pd.DataFrame) -> Verdict:
    """Decide whether lower / exact >= 0.99 in 95 % of the small networks, at every p."""
    rows = _known(trials, "lower", "exact")
    rows = rows[(rows["input_dim"] == SMALL_DIM) & (rows["width"] <= SMALL_WIDTH)]
    counts = rows.groupby("p").size()
    if counts.empty or counts.min() < 20:
        return None, (
            f"{0 if counts.empty else counts.min()} networks with d = {SMALL_DIM}, "
            f"N <= {SMALL_WIDTH} and an exact constant, 20 are needed"
        )
    ratio = rows["lower"] / rows["exact"]
    shares = (ratio >= 0.99).groupby(rows["p"]).mean()
    return bool(shares.min() >= 0.95), (
        f"in {shares.min():.1%} of {counts[shares.idxmin()]:,} networks at "
        f"p = {p_text(shares.idxmin())}, the least; the smallest ratio of all is {ratio.min():.4f}"
    )


def exact_ordered_in_p(trials: pd.DataFrame) -> Verdict:
    """Decide whether exact values satisfy lip_p <= lip_q <= d^{1/p - 1/q} lip_p for p < q."""
    return _ordered_in_p(trials, "exact", bounded=True)


def search_ordered_in_p(trials: pd.DataFrame) -> Verdict:
    """Decide whether the searched constants rise with p in every network."""
    return _ordered_in_p(trials, "lower", bounded=False)


def _ordered_in_p(trials: pd.DataFrame, quantity: str, *, bounded: bool) -> Verdict:
    rows = _known(trials, quantity)
    table = rows.pivot_table(index=NETWORK, columns="p", values=quantity)
    ps, compared, broken = exponents(rows), 0, []
    dims = table.index.get_level_values("input_dim").to_numpy(float)
    # Neighbouring exponents suffice: the inequalities of others follow from theirs.
    for p, q in pairwise(ps):
        ratio = (table[q] / table[p]).to_numpy()
        most = dims ** (1 / p - 1 / q) if bounded else np.inf
        compared += int(np.isfinite(ratio).sum())
        wrong = (ratio < 1 - ROUNDING) | (ratio > most * (1 + ROUNDING))
        step = f"from p = {p_text(p)} to {p_text(q)}"
        broken += [(abs(np.log(value)), f"{value:.9g} {step}") for value in ratio[wrong]]
    if not compared:
        return None, f"no network has the quantity {quantity} at two exponents"
    evidence = f"{len(broken):,} of {compared:,} ratios of neighbouring exponents are out of order"
    if broken:
        evidence += f", the farthest: {max(broken)[1]}"
    return not broken, evidence


def _known(trials: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Rows that have values in all of some columns; none where a column is missing."""
    if not set(columns) <= set(trials):
        return trials.iloc[:0].assign(**dict.fromkeys(set(columns) - set(trials), np.nan))
    return trials[trials[list(columns)].notna().all(axis=1)]


def _where(row: pd.Series) -> str:
    return (
        f"d = {row['input_dim']}, N = {row['width']}, L = {row['depth']}, "
        f"{BIAS_TEXTS[row['bias']]} biases, p = {p_text(row['p'])}, restart {row['restart']}"
    )


RULES = {
    "search_is_exact": Rule(
        "The search reaches 0.99 of the exact constant in at least 95 % of the networks with "
        f"d = {SMALL_DIM} and N <= {SMALL_WIDTH}, at every p.",
        search_is_exact,
    ),
    "exact_ordered_in_p": Rule(
        "The exact lip_p rises with p, from p to q by a factor of at most d^(1/p - 1/q), in every "
        "network.",
        exact_ordered_in_p,
    ),
    "bounds_in_order": Rule(
        "Every lower bound is below the exact constant and below every certified upper bound, in "
        "every network.",
        bounds_in_order,
    ),
    "probable_bound_holds": Rule(
        "Networks above the bound of probability 0.99 are no more frequent than one in a hundred, "
        "at every p.",
        probable_bound_holds,
    ),
    "search_ordered_in_p": Rule(
        "The searched lip_p rises with p in every network.", search_ordered_in_p
    ),
}
