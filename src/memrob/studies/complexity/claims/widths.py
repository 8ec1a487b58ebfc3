"""Claims about coverings: that they are ones, and that M- bounds second widths."""

from functools import partial

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from memrob.studies.complexity.beside import (
    REACHED,
    comparable,
    in_range,
    second_widths,
    theory_cells,
)
from memrob.studies.complexity.claims.rule import Rule
from memrob.studies.verdict import Verdict

CONSTANT = 0.5
FEWEST = 20
FEWEST_CLASSES, ALIKE = 5, 0.9
NO_CLASSES = "no interpolating network with second widths of enough classes"


def coverings_hold(theory: pd.DataFrame, _measured: pd.DataFrame | None) -> Verdict:
    """Decide whether every covering satisfies the definition, as checked in its trial."""
    broken = theory[theory["conditions_hold"] != 1]
    pieces = int((theory["M_minus"] + theory["M_plus"]).sum())
    return broken.empty, f"{len(broken)} of {len(theory)} coverings, {pieces:,} balls, do not"


def pieces_bound_widths(theory: pd.DataFrame, measured: pd.DataFrame, *, x: str) -> Verdict:
    """Decide whether M- at constant 1/2 is at least 99 % of the second widths, for lambda >= R.

    The evidence also says what the largest are, and where the same fails outside of that.
    """
    widths = second_widths(comparable(measured, theory, x), x)
    cells = theory_cells(theory)
    cells["widths"] = [widths[np.isclose(widths.index, place)].to_numpy() for place in cells[x]]
    cells = cells[cells["widths"].map(len) > 0]
    above = [(row.widths > row.M_minus).mean() for row in cells.itertuples()]
    cells = cells.assign(above=above, largest=cells["widths"].map(max, na_action="ignore"))
    theorem = in_range(cells) & np.isclose(cells["constant"], CONSTANT)
    counted = sum(map(len, cells.loc[theorem, "widths"]))
    if counted < FEWEST:
        return None, f"{counted} interpolating networks beside the coverings, {FEWEST} are needed"
    texts = [f"{counted:,} networks; most above M⁻: {_share(cells[theorem], x)}"]
    for constant, rows in cells[~theorem & (cells["above"] > 1 - REACHED)].groupby("constant"):
        where = f"constant {constant:g}" + (" and λ < R" if constant == CONSTANT else "")
        texts.append(f"not so for {where}: {_share(rows, x)}")
    return bool((cells.loc[theorem, "above"] <= 1 - REACHED).all()), "; ".join(texts)


def _share(cells: pd.DataFrame, x: str) -> str:
    row = cells.loc[(cells["above"] + 1e-6 * cells["largest"] / cells["M_minus"]).idxmax()]
    place = f"λ = {row[x]:g}" if x == "max_bias" else f"N = {row[x]:,.0f}"
    return (
        f"{row['above']:.2%} at {place}, the largest {row['largest']:.0f} beside "
        f"M⁻ = {row['M_minus']:.0f}"
    )


def pieces_grow_slowly(theory: pd.DataFrame, _measured: pd.DataFrame | None) -> Verdict:
    """Decide whether M- grows more slowly than the square root of N at every constant."""
    cells = theory_cells(theory)
    if cells["n_samples"].nunique() < 3 or _ratio(cells["n_samples"]) < 9.99:
        return None, "fewer than three sizes, or the largest is not ten times the least"
    found = []
    for constant, line in cells.groupby("constant"):
        logs = np.log(line[["n_samples", "M_minus"]].to_numpy(float)).T
        exponent = np.polyfit(*logs, 1)[0]
        ends = line.sort_values("n_samples")["M_minus"].iloc[[0, -1]]
        found.append((exponent, "M⁻ from {:.0f} to {:.0f}".format(*ends), constant))
    texts = [f"{text}, exponent {e:.2f}, at constant {c:g}" for e, text, c in found]
    return bool(max(found)[0] < 0.5), "; ".join(texts)


def classes_bounded(theory: pd.DataFrame, measured: pd.DataFrame) -> Verdict:
    """Decide whether at the largest first width M- bounds the second width of each class."""
    rows = _of_classes(theory, measured)
    if rows.empty:
        return None, NO_CLASSES
    held, texts = [], []
    for constant, line in theory.groupby("constant"):
        for first_width in (rows["first_width"].max(), rows["first_width"].min()):
            widths = rows[rows["first_width"] == first_width][list(line["label"])].max()
            ratio = widths / line.set_index("label")["M_minus"]
            if first_width == rows["first_width"].max():
                held.append(bool((ratio <= 1).all()))
            texts.append(
                f"at n = {first_width:,} at most {ratio.max():.0%} of M⁻ (class {ratio.idxmax()}, "
                f"constant {constant:g})"
            )
    return all(held), "; ".join(dict.fromkeys(texts))


def classes_ordered(theory: pd.DataFrame, measured: pd.DataFrame) -> Verdict:
    """Decide whether M- and second width rank the classes alike, by Spearman's correlation."""
    rows = _of_classes(theory, measured)
    if rows.empty or theory["label"].nunique() < FEWEST_CLASSES:
        return None, NO_CLASSES
    held, texts = [], []
    for constant, line in theory.groupby("constant"):
        widths = rows[rows["first_width"] == rows["first_width"].max()][list(line["label"])].mean()
        correlation = spearmanr(line["M_minus"], widths).statistic
        held.append(bool(correlation >= ALIKE))
        texts.append(f"{correlation:.2f} over {len(line)} classes at constant {constant:g}")
    return all(held), f"rank correlation {'; '.join(texts)}"


def _of_classes(theory: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """Second widths of the interpolating networks, a column per class, named by its label."""
    columns = {f"second_width_{label}": label for label in theory["label"].unique()}
    if not set(columns) <= set(measured):
        return pd.DataFrame()
    rows = measured[measured["interpolated"] == 1]
    rows = rows[np.isclose(rows["max_bias"], theory["max_bias"].iloc[0])]
    rows = rows[rows["n_samples"] == theory["n_samples"].iloc[0]]
    return rows[["first_width", *columns]].rename(columns=columns)


def all_alone(theory: pd.DataFrame, _measured: pd.DataFrame | None) -> Verdict:
    """Decide whether every point of X- needs a ball of its own."""
    pieces, points = int(theory["M_minus"].max()), int(theory["n_minus"].max())
    alone = bool((theory["M_minus"] == theory["n_minus"]).all())
    return alone, f"M⁻ is at most {pieces} for {points} points"


def width_below_pieces(theory: pd.DataFrame, measured: pd.DataFrame) -> Verdict:
    """Decide whether M- at constant 1/2 bounds second widths at the largest first width."""
    place = theory[np.isclose(theory["constant"], CONSTANT)].iloc[0]
    rows = measured[measured["interpolated"] == 1]
    rows = rows[np.isclose(rows["max_bias"], place["max_bias"])]
    rows = rows[rows["n_samples"] == place["n_samples"]]
    rows = rows[rows["first_width"] == rows["first_width"].max()]
    if rows.empty:
        return None, "no interpolating network with this maximal bias and number of points"
    pieces, widest = int(place["M_minus"]), int(rows["second_width"].max())
    text = f"at most {widest:,} neurons in {len(rows)} networks; M⁻ is {pieces:,}"
    return widest <= pieces, f"{text}, of {int(place['n_minus']):,} points"


def _ratio(values: pd.Series) -> float:
    return float(values.max() / values.min())


RULES = {
    "coverings_hold": Rule(
        "Every covering satisfies the definition, checked anew by distances of points and centres.",
        coverings_hold,
        needs_measured=False,
    ),
    "all_alone": Rule(
        "Every point of X⁻ needs a ball of its own.",
        all_alone,
        needs_measured=False,
    ),
    "width_below_pieces": Rule(
        "At the largest first width the second width of every interpolating network is at most M⁻ "
        "at constant 1/2.",
        width_below_pieces,
    ),
    "pieces_bound_widths_over_max_bias": Rule(
        "With constant 1/2 and λ ≥ R, M⁻ is at least the second width of 99 % of the networks, "
        "from the first width on at which 99 % interpolate.",
        partial(pieces_bound_widths, x="max_bias"),
    ),
    "pieces_bound_widths_over_n_samples": Rule(
        "With constant 1/2 and λ ≥ R, M⁻ is at least the second width of 99 % of the networks, "
        "from the first width on at which 99 % interpolate.",
        partial(pieces_bound_widths, x="n_samples"),
    ),
    "pieces_grow_slowly": Rule(
        "M⁻ grows more slowly than the square root of N.",
        pieces_grow_slowly,
        needs_measured=False,
    ),
    "classes_bounded": Rule(
        "At the largest first width, M⁻ of every class is at least its second width in every "
        "interpolating network.",
        classes_bounded,
    ),
    "classes_ordered": Rule(
        f"M⁻ ranks the classes as their second widths do, with a rank correlation of {ALIKE} or "
        "more.",
        classes_ordered,
    ),
}
