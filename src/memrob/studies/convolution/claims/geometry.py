"""Claims about separation and covering of orbits."""

import numpy as np
import pandas as pd

from memrob.studies.complexity.beside import REACHED, second_widths
from memrob.studies.convolution.cells import line, of_network
from memrob.studies.convolution.claims.margins import MISSING, both
from memrob.studies.convolution.trial import CONVOLUTIONAL
from memrob.studies.verdict import Verdict, significant

# Relative; distances are sums of float32 products.
ROUNDING = 1e-3
FEWEST = 10


def same_separation(trials: pd.DataFrame) -> Verdict:
    """Decide whether orbits are as far apart as the augmented points are."""
    pairs = _paired(trials, "separation")
    if isinstance(pairs, str):
        return None, pairs
    apart = np.abs(pairs["convolutional"] / pairs["fully_connected"] - 1)
    worst = apart.idxmax()
    return bool((apart <= ROUNDING).all()), (
        f"{pairs.loc[worst, 'convolutional']:.6g} against "
        f"{pairs.loc[worst, 'fully_connected']:.6g} at |S| = {worst:,}, the largest of "
        f"{len(pairs)} differences"
    )


def separation_never_grows(trials: pd.DataFrame) -> Verdict:
    """Decide whether the separation of orbits falls or stays from each |S| to the next."""
    along = line(of_network(trials, CONVOLUTIONAL), "separation", "n_shifts")
    if along is None or len(along.x) < 2:
        return None, "fewer than two numbers of shifts with a separation"
    values = along.means
    return bool((values[1:] <= values[:-1] * (1 + ROUNDING)).all()), (
        f"from {values[0]:.4g} at |S| = {along.x[0]:,.0f} to {values[-1]:.4g} at "
        f"|S| = {along.x[-1]:,.0f}"
    )


def fewer_pieces(trials: pd.DataFrame) -> Verdict:
    """Decide whether at every |S| orbits need no more pieces than the augmented points."""
    pairs = _paired(trials, "M_minus")
    if isinstance(pairs, str):
        return None, pairs
    ratio = pairs["convolutional"] / pairs["fully_connected"]
    worst, last = ratio.idxmax(), pairs.index.max()
    texts = [
        f"{significant(pairs.loc[at, 'convolutional'], 4)} against "
        f"{significant(pairs.loc[at, 'fully_connected'], 4)} at |S| = {at:,}"
        for at in (worst, last)
    ]
    return bool((ratio <= 1).all()), "; ".join(dict.fromkeys(texts))


def pieces_bound_widths(trials: pd.DataFrame) -> Verdict:
    """Decide whether M- of the orbits bounds the second widths of convolutional networks.

    At every |S| those of 99 % of the networks that interpolate, from the first width on at which
    99 % do.
    """
    rows = of_network(trials, CONVOLUTIONAL)
    pieces = line(rows, "M_minus", "n_shifts")
    if pieces is None:
        return None, "the table has no coverings"
    widths = second_widths(rows, "n_shifts")
    widths = widths[widths.index.isin(pieces.x)]
    if len(widths) < FEWEST:
        return None, f"{len(widths)} interpolating networks beside coverings, {FEWEST} are needed"
    bounds = pd.Series(pieces.means, index=pieces.x)
    above = (widths > widths.index.map(bounds)).groupby(level=0).mean()
    ratio = widths / widths.index.map(bounds)
    at = ratio.reset_index(drop=True).idxmax()
    place = widths.index[at]
    return bool((above <= 1 - REACHED).all()), (
        f"{len(widths):,} networks, the largest width for its pieces is {widths.iloc[at]:,.0f} "
        f"beside M⁻ = {bounds[place]:,.0f} at |S| = {place:,.0f}; most above M⁻: {above.max():.1%} "
        f"at |S| = {above.idxmax():,.0f}"
    )


def _paired(trials: pd.DataFrame, quantity: str) -> pd.DataFrame | str:
    """A quantity of both networks by the number of shifts, or why there is none."""
    found = both(trials)
    if found is None:
        return MISSING
    lines = [line(rows, quantity, "n_shifts") for rows in found]
    if None in lines:
        return f"the table has no {quantity} of both networks"
    columns = [pd.Series(along.means, index=along.x.astype(int)) for along in lines]
    pairs = pd.concat(columns, axis=1, keys=("convolutional", "fully_connected")).dropna()
    return pairs if len(pairs) else f"no number of shifts with {quantity} of both networks"
