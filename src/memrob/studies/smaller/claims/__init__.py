"""The rules that decide what the figures of this study should show, by name."""

import pandas as pd

from memrob.studies.claim import Rule
from memrob.studies.generalisation.claims.margins import binomial_error
from memrob.studies.smaller.trial import CLUSTER, GREEDY, RANDOM, RANDOM_FEATURES, SMALLEST
from memrob.studies.verdict import Verdict, all_hold, beyond, percent

CELL = ["n_samples", "first_width", "max_bias", "noise"]
SAVED = 0.8
ABOVE_LEAST = 1.25


def greedy_is_smaller(trials: pd.DataFrame) -> Verdict:
    """Decide whether greedy selection takes fewer neurons than random selection in every cell."""
    ratios = _ratios(trials, GREEDY, RANDOM)
    if ratios.empty:
        return None, "no cell has both selections and more than one neuron"
    worst = ratios["ratio"].idxmax()
    evidence = f"{_range(ratios)} of the neurons at random; most at {_where(worst)}"
    return bool((ratios["ratio"] < 1).all()), evidence


def greedy_saves_a_fifth(trials: pd.DataFrame) -> Verdict:
    """Decide whether greedy selection saves a fifth where all networks interpolate."""
    ratios = _ratios(trials, GREEDY, RANDOM)
    ratios = ratios[ratios["interpolates"]]
    if ratios.empty:
        return None, "no cell interpolates with both selections"
    return bool((ratios["ratio"] <= SAVED).all()), f"{_range(ratios)} of the neurons at random"


def clusters_are_fewer_than_half(trials: pd.DataFrame) -> Verdict:
    """Decide whether neurons of clusters are fewer than half of the proved bound on single points.

    Cells with a bound of more than ten neurons are looked at: fewer cannot be halved often.
    """
    ratios = _ratios(trials, CLUSTER, SMALLEST, "lower", above=10)
    if ratios.empty:
        return None, "no cell has clusters and a bound above ten neurons"
    worst = ratios["ratio"].idxmax()
    evidence = f"{_range(ratios)} of the number that is proved; most at {_where(worst)}"
    return bool((ratios["ratio"] < 0.5).all()), evidence


def clusters_cost_accuracy(trials: pd.DataFrame) -> Verdict:
    """Decide whether neurons of clusters lower accuracy by margin at every share of noise."""
    return _more_accurate(trials, "margin", "cluster_margin")


def random_features_are_more_accurate(trials: pd.DataFrame) -> Verdict:
    """Decide whether random features beat the margin at every share of noise."""
    return _more_accurate(trials, RANDOM_FEATURES, "margin")


def greedy_is_near_the_least(trials: pd.DataFrame) -> Verdict:
    """Decide whether greedy selection takes a quarter more neurons than are needed, at most."""
    ratios = _ratios(trials, GREEDY, SMALLEST, "lower")
    if ratios.empty:
        return None, "no cell has greedy selection and a bound above one neuron"
    worst = ratios["ratio"].idxmax()
    evidence = f"{_range(ratios)} of the number that is proved; most at {_where(worst)}"
    return bool((ratios["ratio"] <= ABOVE_LEAST).all()), evidence


def the_least_is_found(trials: pd.DataFrame) -> Verdict:
    """Decide whether every proved lower bound is attained."""
    bounded = trials[trials["selection"] == SMALLEST]
    if bounded.empty:
        return None, "this run has no bounds"
    attained = bounded["second_width"] == bounded["lower"]
    return bool(attained.all()), f"in {attained.sum()} of {len(bounded)} trials"


def margin_is_more_accurate(trials: pd.DataFrame) -> Verdict:
    """Decide whether the largest margin beats the published rule at every share of noise."""
    return _more_accurate(trials, "margin", RANDOM)


def min_cover_helps_with_noise(trials: pd.DataFrame) -> Verdict:
    """Decide whether dropping neurons of few points raises accuracy wherever there is noise."""
    return _more_accurate(trials[trials["noise"] > 0], "min_cover", "margin")


def slack_costs_accuracy(trials: pd.DataFrame) -> Verdict:
    """Decide whether slack alone lowers accuracy at every share of noise."""
    return _more_accurate(trials, "margin", "slack")


def _ratios(
    trials: pd.DataFrame, of: str, to: str, column: str = "second_width", above: int = 1
) -> pd.DataFrame:
    # Of mean widths, in the cells where more than so many neurons are compared with.
    means = trials.groupby(["selection", *CELL]).agg(
        second_width=("second_width", "mean"),
        lower=("lower", "mean"),
        interpolates=("interpolated", "min"),
    )
    if of not in means.index or to not in means.index:
        return pd.DataFrame(columns=["ratio", "interpolates"])
    upper, lower = means.loc[of], means.loc[to]
    lower = lower[lower[column] > above]
    joined = upper.add_suffix("_of").join(lower.add_suffix("_to"), how="inner")
    return pd.DataFrame(
        {
            "ratio": joined["second_width_of"] / joined[f"{column}_to"],
            "interpolates": joined["interpolates_of"] == 1,
        }
    )


def _more_accurate(trials: pd.DataFrame, better: str, worse: str) -> Verdict:
    # Trials share their test points, whose number limits what can be told apart.
    tested = trials[trials["test_accuracy"].notna()]
    means = tested.groupby(["selection", "noise"])["test_accuracy"].mean()
    verdicts, parts = [], []
    for noise in sorted(tested["noise"].unique()):
        if (better, noise) not in means.index or (worse, noise) not in means.index:
            continue
        high, low = means[better, noise], means[worse, noise]
        errors = (binomial_error(share, tested["n_test"].max()) for share in (high, low))
        verdicts.append(beyond(high - low, *errors))
        parts.append(f"{percent(low)} to {percent(high)} with {percent(noise)} noise")
    if not verdicts:
        return None, "no share of noise has both selections"
    return all_hold(verdicts), "from " + ", ".join(parts)


def _range(ratios: pd.DataFrame) -> str:
    return f"{percent(ratios['ratio'].min())} to {percent(ratios['ratio'].max())}"


def _where(cell: tuple) -> str:
    return f"n = {cell[1]:,}, λ = {cell[2]:g}"


RULES = {
    "greedy_is_smaller": Rule(
        "In every cell of this run greedy selection takes fewer neurons than random selection upon "
        "the same hyperplanes.",
        greedy_is_smaller,
    ),
    "greedy_saves_a_fifth": Rule(
        "Where all networks interpolate, greedy selection takes at most four fifths of the "
        "neurons that random selection takes.",
        greedy_saves_a_fifth,
    ),
    "greedy_is_near_the_least": Rule(
        "Greedy selection takes at most a quarter more neurons than any selection upon the same "
        "hyperplanes must take.",
        greedy_is_near_the_least,
    ),
    "clusters_are_fewer_than_half": Rule(
        "Neurons of clusters interpolate with less than half of the neurons that any selection of "
        "neurons of single points upon the same hyperplanes must take.",
        clusters_are_fewer_than_half,
    ),
    "clusters_cost_accuracy": Rule(
        "Of networks that decide by the largest margin, those of single points are right at more "
        "test points than the far smaller ones of clusters.",
        clusters_cost_accuracy,
    ),
    "random_features_are_more_accurate": Rule(
        "Ridge regression upon random ReLU features with as many parameters is right at more test "
        "points than the constructed network that decides by the largest margin.",
        random_features_are_more_accurate,
    ),
    "the_least_is_found": Rule(
        "The smallest selection that is found in a trial is proved to be the smallest that there "
        "is.",
        the_least_is_found,
    ),
    "margin_is_more_accurate": Rule(
        "At every share of noise the class of the largest margin is right at more test points than "
        "the highest class that is detected.",
        margin_is_more_accurate,
    ),
    "min_cover_helps_with_noise": Rule(
        "With noisy labels, networks without the neurons that fire at fewer than five points of "
        "their class are more accurate on test points.",
        min_cover_helps_with_noise,
    ),
    "slack_costs_accuracy": Rule(
        "At every share of noise, neurons that may fire at three points of other classes lower the "
        "test accuracy if none is dropped.",
        slack_costs_accuracy,
    ),
}
