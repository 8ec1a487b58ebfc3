"""Tests of replicated cells against published ones: z-scores and verdicts."""

import numpy as np
import pandas as pd
from scipy import stats

from memrob.studies.interpolation.cells import published_width, shares_weights
from memrob.studies.interpolation.published import CELL, UNKNOWN_ORDER
from memrob.studies.interpolation.trial import FIRST_POINTS

QUANTITIES = ("interpolated", "second_width")
SUMMARY_COLUMNS = [
    "experiment",
    "quantity",
    "cells",
    "share_within_3",
    "mean_z",
    "sd_z",
    "max_abs_z",
    "stouffer_z",
    "verdict",
]
LEVEL = 0.01
"""Family-wise level: how often a run with nothing wrong calls some cell different."""


def compare_cells(
    experiment: str,
    trials: pd.DataFrame,
    published: pd.DataFrame,
    singles: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Compare every cell of an experiment that has a published counterpart.

    Parameters
    ----------
    experiment : str
        Name.
    trials : pandas.DataFrame
        Trials of this run.
    published : pandas.DataFrame
        Published cells.
    singles : pandas.DataFrame, optional
        Published single trials; their second widths are needed for the design "paired".

    Returns
    -------
    pandas.DataFrame
        One row per cell and quantity: `published`, `replicated`, `standard_error` of their
        difference, `z`, `trials`, `published_trials`, `design`.

    Notes
    -----
    "independent": two samples of one distribution; "shared" is the same for a cell, but its
    trials share their weights with those of other cells. "replay" (the order reference):
    the trials are the first k of the published n, so their mean is that of a sample without
    replacement from a known population. "paired" are the second widths of replayed trials whose
    points were taken in an unknown order (`UNKNOWN_ORDER`): each trial has the hyperplanes of a
    published one and draws of candidates of its own, so that the differences of pairs have mean
    zero; they are tested by Student's t, two trials a cell at least. "resampled": each of the k
    trials has a random subset of the points, while all n published ones share one. Probabilities
    are tested exactly: given all successes, those among the k trials are hypergeometric in all
    designs, and the mid-p value is turned into z. Other widths are tested by the difference of
    means over its standard error, with variance pooled for "independent" and the published variance
    for "replay"; the t statistic is turned into z by its distribution. For "resampled", with rho
    the variance between subsets over that within one, the squared error is
    sd^2 (1/n + rho + (1 + rho) / k), where sd is the published one and 1 + rho the ratio of
    variances of trials here and there, pooled over cells.
    """
    trials = trials.assign(
        max_bias=trials["max_bias"].round(6), second_width=published_width(trials)
    )
    grouped = trials.groupby(CELL, sort=False)
    cells = grouped.agg(
        trials=("interpolated", "size"),
        interpolated=("interpolated", "mean"),
        second_width=("second_width", "mean"),
        second_width_sd=("second_width", "std"),
    ).reset_index()
    pairs = cells.merge(
        published, on=CELL, how="inner", suffixes=("", "_published"), validate="one_to_one"
    )
    pairs["design"] = _designs(trials, pairs)
    orderless = singles is not None and _orderless(trials)
    if orderless:
        pairs = pairs.merge(_differences(trials, singles), on=CELL, how="left")
    pairs["rho"] = _subset_variance(pairs)
    rows = []
    for pair in pairs.to_dict("records"):
        for quantity in QUANTITIES:
            if quantity == "second_width" and orderless:
                pair["design"] = "paired" if pair["pairs"] > 1 else "independent"
            test = _test_probability if quantity == "interpolated" else _test_width
            rows.append({"experiment": experiment, **_row(pair, quantity, *test(pair))})
    return pd.DataFrame(rows)


def _differences(trials: pd.DataFrame, singles: pd.DataFrame) -> pd.DataFrame:
    # Of the second widths of trials from those published with the same seeds, cell by cell.
    theirs = singles[["seed", *CELL, "second_width"]].assign(max_bias=singles["max_bias"].round(6))
    both = trials.merge(theirs, on=["seed", *CELL], suffixes=("", "_published"))
    both["difference"] = both["second_width"] - both["second_width_published"]
    grouped = both.groupby(CELL)["difference"]
    return grouped.agg(pairs="size", difference="mean", difference_sd="std").reset_index()


def _orderless(trials: pd.DataFrame) -> bool:
    return trials["order"].iloc[0] == "reference" and trials["dataset"].iloc[0] in UNKNOWN_ORDER


def _designs(trials: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    replayed = trials["order"].iloc[0] == "reference"
    # The largest size is the whole data set: there is one subset of it only.
    partial = pairs["n_samples"] < pairs["n_samples"].max()
    resampled = partial & (trials["subset_seed"].iloc[0] != FIRST_POINTS)
    shared = not replayed and shares_weights(trials)
    return np.select(
        [resampled, replayed, shared], ["resampled", "replay", "shared"], "independent"
    )


def _subset_variance(pairs: pd.DataFrame) -> float:
    cells = pairs[(pairs["design"] == "resampled") & (pairs["trials"] > 1)]
    if not len(cells):
        return 0.0
    ratio = (cells["second_width_sd"] / cells["second_width_sd_published"]) ** 2
    # The ratio of two sample variances has an F distribution, whose mean this undoes.
    freedom = cells["trials_published"] - 1
    return max(0.0, float((ratio * (freedom - 2) / freedom).mean()) - 1)


def _row(pair: dict, quantity: str, standard_error: float, z: float) -> dict:
    key = {"interpolated": "interpolated_published", "second_width": "second_width_mean"}[quantity]
    return {
        "dataset": pair["dataset"],
        **{column: pair[column] for column in CELL},
        "quantity": quantity,
        "published": pair[key],
        "replicated": pair[quantity],
        "standard_error": standard_error,
        "z": z,
        "trials": pair["trials"],
        "published_trials": pair["trials_published"],
        "design": pair["design"],
    }


def _test_probability(pair: dict) -> tuple[float, float]:
    k, n, replayed = pair["trials"], pair["trials_published"], pair["design"] == "replay"
    hits = round(pair["interpolated"] * k)
    published_hits = round(pair["interpolated_published"] * n)
    population = n if replayed else n + k
    successes = published_hits if replayed else published_hits + hits
    share = successes / population
    spread = share * (1 - share) * _inverse_sizes(k, n, replayed)
    if k == population or share in (0, 1):
        return 0.0, _exact(hits / k, pair["interpolated_published"])
    law = stats.hypergeom(population, successes, k)
    lower = law.cdf(hits) - law.pmf(hits) / 2
    return float(np.sqrt(spread)), float(stats.norm.ppf(np.clip(lower, 1e-300, 1 - 1e-16)))


def _test_width(pair: dict) -> tuple[float, float]:
    if pair["design"] == "paired":
        standard_error = pair["difference_sd"] / np.sqrt(pair["pairs"])
        return _of_student(pair["difference"], float(standard_error), pair["pairs"] - 1)
    k, n, design = pair["trials"], pair["trials_published"], pair["design"]
    difference = pair["second_width"] - pair["second_width_mean"]
    variance, freedom = pair["second_width_sd_published"] ** 2, n - 1
    sizes = _inverse_sizes(k, n, design == "replay")
    if design == "resampled":
        sizes = 1 / n + pair["rho"] + (1 + pair["rho"]) / k
    if design in ("independent", "shared") and k > 1:
        variance = ((n - 1) * variance + (k - 1) * pair["second_width_sd"] ** 2) / (n + k - 2)
        freedom = n + k - 2
    standard_error = float(np.sqrt(variance * sizes))
    if design == "replay" and standard_error > 0:
        return standard_error, float(difference / standard_error)
    return _of_student(difference, standard_error, freedom)


def _of_student(difference: float, standard_error: float, freedom: int) -> tuple[float, float]:
    # The error, and a t statistic turned into z by its distribution.
    if standard_error == 0:
        return 0.0, _exact(difference, 0)
    t = difference / standard_error
    return standard_error, float(np.sign(t) * stats.norm.isf(stats.t.sf(abs(t), freedom)))


def _inverse_sizes(k: int, n: int, replayed: bool) -> float:
    return 1 / k - 1 / n if replayed else 1 / k + 1 / n


def _exact(value: float, expected: float) -> float:
    # Nothing is random here: either the same or infinitely far. Published means have six decimals.
    return 0.0 if abs(value - expected) < 2e-6 else float(np.sign(value - expected) * np.inf)


def with_verdicts(comparisons: pd.DataFrame) -> pd.DataFrame:
    """Add `verdict`, allowing for the number of cells compared.

    "agrees" for |z| <= 3; "differs" beyond the bound that all cells of a faithful run together
    exceed with probability 0.01 (Bonferroni); "borderline" between.
    """
    bound = max(3.0, stats.norm.isf(LEVEL / 2 / max(len(comparisons), 1)))
    size = comparisons["z"].abs()
    verdict = np.select([size <= 3, size <= bound], ["agrees", "borderline"], "differs")
    return comparisons.assign(verdict=verdict)


def summarise(comparisons: pd.DataFrame) -> pd.DataFrame:
    """One row per experiment and quantity, and what all its z-scores say together.

    Cells at which nothing is random (standard error 0) are counted in `cells` and
    `share_within_3` only. `stouffer_z` is the mean z times the root of their number: a bias too
    small to be seen in one cell shows here. Published cells on subsets share one draw of them,
    and with `share` cells share their weights: such z-scores depend on each other and are left
    out of it, which is missing where none are left. The verdict is "agrees" when no cell differs,
    at least 99 % are within 3 and the joint z lies within the Bonferroni bound over all summaries.
    """
    groups = comparisons.groupby(["experiment", "quantity"], sort=False)
    bound = stats.norm.isf(LEVEL / 2 / max(len(groups), 1))
    rows = []
    for (experiment, quantity), group in groups:
        z = group.loc[group["standard_error"] > 0, "z"]
        within = (group["z"].abs() <= 3).mean()
        single = z[~group["design"].isin(["resampled", "shared"])]
        joint = single.sum() / np.sqrt(len(single)) if len(single) else np.nan
        fails = (group["verdict"] == "differs").any() or abs(joint) > bound
        few = (group["z"].abs() > 3).sum() <= max(1, 0.01 * len(group))
        rows.append(
            {
                "experiment": experiment,
                "quantity": quantity,
                "cells": len(group),
                "share_within_3": within,
                "mean_z": z.mean() if len(z) else 0.0,
                "sd_z": z.std() if len(z) > 1 else np.nan,
                "max_abs_z": group["z"].abs().max(),
                "stouffer_z": joint,
                "verdict": "differs" if fails else ("agrees" if few else "borderline"),
            }
        )
    return pd.DataFrame(rows, columns=SUMMARY_COLUMNS)
