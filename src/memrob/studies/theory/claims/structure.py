"""Claims about omega of data with structure ([M], Remark 12)."""

import math

import pandas as pd

from memrob.studies.claim import Rule
from memrob.studies.verdict import Verdict, all_hold

GROWTH = 1.1
"""Factor up to which omega counts as constant while N grows sixteenfold."""

BINDING = 0.6
"""Share of log N up to which the bound of a structure counts as the one that matters."""


def order_of(structure: str, input_dim: int, n_samples: int) -> float:
    """What Remark 12 of [M] bounds omega by, up to constants and the factor 1 / delta.

    k in a k-dimensional subspace, s log(e d / s) for s-sparse data, log N in any case.
    """
    size, _, kind = structure.partition("-")
    if kind == "dimensional":
        return float(size)
    if kind == "sparse":
        return int(size) * math.log(math.e * input_dim / int(size))
    return math.log(n_samples)


def growths(rows: pd.DataFrame) -> pd.DataFrame:
    """Growth of omega while N grows sixteenfold up to its largest value, for each structure.

    Returns
    -------
    pandas.DataFrame
        Indexed by structure: `growth`, the ratio of means; `share`, the structure's bound over
        log N. Empty where the sizes do not span a factor of 16.
    """
    last = rows["n_samples"].max()
    found = {}
    for structure, line in rows.groupby("structure", sort=False):
        means = line.groupby("n_samples")["omega"].mean()
        if last // 16 not in means.index:
            continue
        bound = order_of(structure, int(line["input_dim"].iloc[0]), last)
        found[structure] = {
            "growth": means[last] / means[last // 16],
            "share": bound / math.log(last),
        }
    return pd.DataFrame.from_dict(found, orient="index", columns=["growth", "share"])


def independent_of_size(rows: pd.DataFrame) -> Verdict:
    """Decide whether omega of structured data has stopped growing, and that of dense data not."""
    found = growths(rows)
    structured = found.drop(index="dense", errors="ignore")
    counted = structured[structured["share"] <= BINDING]
    if counted.empty or "dense" not in found.index:
        return None, f"no structure whose bound is at most {BINDING} log N, or no dense data"
    dense = found.loc["dense", "growth"]
    texts = [f"{name} × {row.growth:.2f}" for name, row in counted.iterrows()]
    later = [
        f"{name} × {row.growth:.2f}" for name, row in structured.drop(counted.index).iterrows()
    ]
    evidence = (
        f"while N grows 16 times to {rows['n_samples'].max():,}: dense × {dense:.2f}, "
        + ", ".join(texts)
    )
    if later:
        evidence += f"; near their bounds only at larger N: {', '.join(later)}"
    verdicts = [bool(growth <= GROWTH) for growth in counted["growth"]]
    return all_hold([*verdicts, bool(dense > GROWTH)]), evidence


RULES = {
    "independent_of_size": Rule(
        "ω of data in a subspace and of sparse data is bounded whatever N; in general its bound "
        "grows like log N.",
        independent_of_size,
    ),
}
