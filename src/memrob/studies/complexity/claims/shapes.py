"""Claims about the shape of the first width: how it moves with lambda and with N."""

from functools import partial

import pandas as pd

from memrob.studies.complexity import beside
from memrob.studies.complexity.claims.rule import Rule
from memrob.studies.verdict import Verdict

FEWEST_PLACES = 3
FROM = 100_000


def _pairs(theory: pd.DataFrame, measured: pd.DataFrame, x: str) -> dict[float, pd.DataFrame]:
    """For each constant the cells with a measured first width, if there are enough of them."""
    needed = beside.thresholds(beside.comparable(measured, theory, x), x, beside.REACHED)
    cells = beside.theory_cells(theory)
    found = {c: beside.paired(line, needed, x) for c, line in cells.groupby("constant")}
    return {c: pairs for c, pairs in found.items() if len(pairs) >= FEWEST_PLACES}


TOO_FEW = f"fewer than {FEWEST_PLACES} places with λ ≥ R at which probability 0.99 was measured"


def grows_at_least_as_measured(theory: pd.DataFrame, measured: pd.DataFrame) -> Verdict:
    """Decide whether the shape's exponent of lambda is at least that of the first width needed."""
    found = _pairs(theory, measured, "max_bias")
    if not found:
        return None, TOO_FEW
    laws = {constant: beside.exponents(pairs, "max_bias") for constant, pairs in found.items()}
    texts = [f"{shape:.2f} at constant {c:g}" for c, (shape, _) in laws.items()]
    needed = next(iter(laws.values()))[1]
    return all(shape >= measured_one for shape, measured_one in laws.values()), (
        f"exponents of λ: the shape {', '.join(texts)}; measured {needed:.2f}"
    )


def within_factor(
    theory: pd.DataFrame, measured: pd.DataFrame, *, x: str, factor: float
) -> Verdict:
    """Decide whether the shape, scaled once, is within a factor of what was needed everywhere."""
    found = _pairs(theory, measured, x)
    if not found:
        return None, TOO_FEW
    worst, texts = [], []
    for constant, pairs in found.items():
        ratios = beside.scale(pairs) * pairs["first_width_shape"] / pairs["needed"]
        worst.append(max(ratios.max(), 1 / ratios.min()))
        texts.append(
            f"{ratios.min():.2f} to {ratios.max():.2f} times what was needed at constant "
            f"{constant:g}, scaled by {beside.scale(pairs):.2g}"
        )
    return bool(max(worst) <= factor), "; ".join(texts)


def hardly_depends_on_size(
    theory: pd.DataFrame, _measured: pd.DataFrame | None, *, factor: float
) -> Verdict:
    """Decide whether the shape stays within a factor over sizes that grow tenfold."""
    cells = beside.theory_cells(theory)
    cells = cells[cells["n_samples"] >= FROM]
    if cells.empty or cells["n_samples"].max() < 9.99 * cells["n_samples"].min():
        return None, "the largest size is not ten times the least"
    spreads, texts = [], []
    for constant, line in cells.groupby("constant"):
        line = line.sort_values("n_samples")
        values = line["first_width_shape"]
        spreads.append(values.max() / values.min())
        growth = values.iloc[-1] / values.iloc[0] - 1
        texts.append(
            f"{growth:+.0%} from N = {line['n_samples'].min():,.0f} to "
            f"{line['n_samples'].max():,.0f} at constant {constant:g}, the largest "
            f"{spreads[-1]:.2f} times the least"
        )
    return bool(max(spreads) <= factor), "; ".join(texts)


RULES = {
    "grows_at_least_as_measured": Rule(
        "For λ ≥ R the shape grows with λ at least as fast as the first width needed.",
        grows_at_least_as_measured,
    ),
    "within_factor_over_max_bias": Rule(
        "Scaled by one constant, the shape is for all λ ≥ R within a factor of 2 of the first "
        "width needed.",
        partial(within_factor, x="max_bias", factor=2.0),
    ),
    "hardly_depends_on_size": Rule(
        "While N grows tenfold, from 100,000 points on, the shape stays within a factor of 3.",
        partial(hardly_depends_on_size, factor=3.0),
        needs_measured=False,
    ),
    "within_factor_over_n_samples": Rule(
        "Scaled by one constant, the shape is for all N within a factor of 2 of the first width "
        "needed.",
        partial(within_factor, x="n_samples", factor=2.0),
    ),
}
