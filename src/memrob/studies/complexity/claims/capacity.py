"""Claims about numbers of parameters beside worst-case results."""

import numpy as np
import pandas as pd

from memrob.studies.complexity.beside import (
    comparable,
    constructed,
    theorem_parameters,
    worst_cases,
)
from memrob.studies.complexity.claims.rule import Rule
from memrob.studies.complexity.claims.shapes import FROM
from memrob.studies.verdict import Verdict

NO_NETWORKS = f"no size from N = {FROM:,} on at which 99 % of the networks interpolate"


def below_worst_cases(theory: pd.DataFrame, measured: pd.DataFrame) -> Verdict:
    """Decide whether the constructed networks have fewer parameters than any result asks for."""
    bounds = worst_cases(theory)
    found = constructed(comparable(measured, theory, "n_samples"))
    found = found[found.index >= FROM]
    exact = bounds[bounds["exact_constant"]]
    least = exact.loc[exact.groupby("n_samples")["parameters"].idxmin()].set_index("n_samples")
    both = found.join(least, how="inner")
    if both.empty:
        return None, NO_NETWORKS
    ratio = both["high"] / both["parameters"]
    worst = ratio.idxmax()
    return bool((ratio < 1).all()), (
        f"at N = {worst:,.0f} at most {both.loc[worst, 'high']:,.0f} parameters, "
        f"{both.loc[worst, 'name']} asks for {both.loc[worst, 'parameters']:,.0f}, the least of "
        f"those; the largest of {len(both)} ratios is {ratio.max():.3f}"
    )


def parameters_grow_slowly(theory: pd.DataFrame, measured: pd.DataFrame) -> Verdict:
    """Decide whether parameters grow more slowly than sqrt(N), the order of the least result."""
    found = constructed(comparable(measured, theory, "n_samples"))
    return _slower_than_root(found.loc[found.index >= FROM, "median"])


def theorem_grows_slowly(theory: pd.DataFrame, _measured: pd.DataFrame | None) -> Verdict:
    """Decide whether what Theorem 4 asks for with constant 1/2 grows more slowly than sqrt(N)."""
    asked = theorem_parameters(theory)
    asked = asked[np.isclose(asked["constant"], 0.5) & (asked["n_samples"] >= FROM)]
    return _slower_than_root(asked.set_index("n_samples")["parameters"])


def _slower_than_root(values: pd.Series) -> Verdict:
    """Decide whether values, indexed by N, grow like a power of N below 1/2."""
    if len(values) < 4 or values.index.max() < 9.99 * values.index.min():
        return None, "fewer than four sizes, or the largest is not ten times the least"
    logs = np.log(values.index.to_numpy(float)), np.log(values.to_numpy(float))
    (exponent, _), covariance = np.polyfit(*logs, 1, cov=True)
    error = float(np.sqrt(covariance[0, 0]))
    low, high = exponent - 2 * error, exponent + 2 * error
    holds = True if high < 0.5 else (False if low > 0.5 else None)
    return holds, f"exponent of N {exponent:.2f}, standard error {error:.2f}, {len(values)} sizes"


RULES = {
    "theorem_grows_slowly": Rule(
        "The parameters that Theorem 4 asks for, by coverings with constant 1/2, grow more slowly "
        "than the square root of N.",
        theorem_grows_slowly,
        needs_measured=False,
    ),
    "below_worst_cases": Rule(
        f"From N = {FROM:,} on, the constructed networks have fewer parameters than every "
        "worst-case result with known constants asks for.",
        below_worst_cases,
    ),
    "parameters_grow_slowly": Rule(
        "Their parameters grow more slowly than the square root of N.",
        parameters_grow_slowly,
    ),
}
