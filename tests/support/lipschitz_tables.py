"""Tables of trials that follow the theory, with little noise."""

import math

import numpy as np
import pandas as pd

from memrob.lipschitz.norms import conjugate

PS = (1.0, 1.5, 2.0, 4.0, math.inf)


def trial_table(
    dims=(8, 16, 32, 64), widths=None, depths=(1,), biases=("zero",), ps=PS, restarts=3
):
    """N = 64d unless widths are given; constants of order d^{max(1/2, 1 - 1/p)}."""
    rng = np.random.default_rng(0)
    rows = []
    for d in dims:
        for width in widths or (64 * d,):
            for depth in depths:
                for bias in biases:
                    for restart in range(restarts):
                        noise = math.exp(0.02 * rng.standard_normal())
                        rows += [_row(d, width, depth, bias, p, restart, noise) for p in ps]
    return pd.DataFrame(rows)


def _row(d, width, depth, bias, p, restart, noise):
    lower = 2 * noise * depth * d ** max(0.5, 1 - 1 / p)
    at_point = 0.9 * noise * d ** (1 - 1 / p)
    exact = 1.001 * lower if d == 2 else np.nan
    return {
        "input_dim": d,
        "width": width,
        "depth": depth,
        "bias": bias,
        "p": p,
        "restart": restart,
        "seed": restart,
        "conjugate_p": conjugate(p),
        "lower": lower,
        "lower_method": "ascent",
        "random_largest": 1.2 * at_point,
        "point_gradient": at_point,
        "exact": exact,
        "upper": lower * 2.5**depth,
        "upper_product": lower * 3.0**depth,
        "upper_patterns": np.nan,
        "upper_intervals": lower * 2.8**depth,
        "upper_semidefinite": lower * 2.5**depth if p == 2 else np.nan,
        "upper_probable": lower * 2.2 * depth,
        "seconds": 0.1,
    }


def legend_texts(figure):
    """Texts of all legends of a figure and of its axes."""
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes)]
    return [
        text.get_text()
        for legend in legends
        if legend is not None
        for text in [legend.get_title(), *legend.get_texts()]
    ]
