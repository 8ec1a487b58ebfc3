"""Smallest first width with which the threshold construction fits all labels."""

import time
from collections.abc import Sequence

import numpy as np

from memrob.interpolation import fit
from memrob.training.samples import Samples
from memrob.training.threshold import chosen_labels


def constructed_rows(
    samples: Samples, labels: str, seeds: Sequence[int], *, max_bias: float, largest: int
) -> list[dict]:
    """Thresholds of constructed networks, as rows of the table of trained ones.

    Parameters
    ----------
    samples : Samples
        Training points, which are scaled into the unit ball; test points have no part.
    labels : {"true", "random"}
        As for `threshold_rows`: of one seed they are the same.
    seeds : sequence of int
        One a row, of the labels and of the networks.
    max_bias : float
        Maximal bias lambda.
    largest : int
        Largest first width that is tried.

    Returns
    -------
    list of dict
        Keys as of `threshold_rows`; widths are first widths n, parameters those of the network of
        the threshold, both layers, and there are no steps.

    Raises
    ------
    UserError
        For labels that are neither.

    Notes
    -----
    First widths are doubled until one suffices and then bisected. The hyperplanes of different
    widths are independent, so that the value varies from seed to seed.
    """
    X = samples.X / np.linalg.norm(samples.X, axis=1).max()
    chosen = chosen_labels(samples, labels, seeds)
    rows = []
    for restart, (seed, y) in enumerate(zip(seeds, chosen, strict=True)):
        start = time.perf_counter()
        tried: dict[int, int] = {}

        def fits(width: int, seed=seed, y=y, tried=tried) -> bool:
            network = fit(X, y, first_width=width, max_bias=max_bias, seed=seed)
            if network.interpolates:
                tried[width] = network.n_parameters
            return network.interpolates

        failed, fitted = _bracket(fits, largest)
        rows.append(
            {
                "labels": labels,
                "n_samples": samples.n_samples,
                "restart": restart,
                "seed": seed,
                "threshold_width": np.nan if fitted is None else fitted,
                "failed_width": failed,
                "n_parameters": np.nan if fitted is None else tried[fitted],
                "steps": 0,
                "seconds": round(time.perf_counter() - start, 6),
            }
        )
    return rows


def _bracket(fits, largest: int) -> tuple[int, int | None]:
    """Largest width that failed below the least that fits, which are neighbours."""
    failed, width = 0, 1
    while not fits(width):
        failed = width
        if width == largest:
            return failed, None
        width = min(2 * width, largest)
    fitted = width
    while fitted - failed > 1:
        middle = (failed + fitted) // 2
        if fits(middle):
            fitted = middle
        else:
            failed = middle
    return failed, fitted
