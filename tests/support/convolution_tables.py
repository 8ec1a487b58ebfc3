"""Tables of both networks, made up after what was tried on 300 pulses of length 64."""

import numpy as np
import pandas as pd

DIMENSION = 64
SECOND_WIDTHS = {
    "convolutional": {1: 22, 2: 15, 4: 9, 8: 5, 16: 3, 32: 2, 64: 1},
    "fully_connected": {1: 21, 2: 26, 4: 32, 8: 41, 16: 51, 32: 58, 64: 66},
}
ONSETS = {"convolutional": lambda s: 20 + s, "fully_connected": lambda s: 20 + 3 * s}


def row(network, n_shifts, first_width, restart, **changes):
    """One row of the table; by default it interpolates."""
    second_width = SECOND_WIDTHS[network][n_shifts]
    invariant = network == "convolutional"
    found = {
        "dataset": "pulses",
        "n_samples": 300,
        "network": network,
        "n_shifts": n_shifts,
        "filter_size": 0,
        "first_width": first_width,
        "max_bias": 0.5,
        "restart": restart,
        "seed": restart,
        "n_points": 300 if invariant else 300 * n_shifts,
        "interpolated": 1,
        "accuracy": 1.0,
        "second_width": second_width,
        "test_accuracy": np.nan,
        "moved": np.nan,
        "separation": np.nan,
        "M_minus": np.nan,
        "M_plus": np.nan,
        "omega": np.nan,
        "omega_error": np.nan,
        "fit_seconds": 0.1,
    } | changes
    n, m = found["first_width"], found["second_width"]
    return {**found, "n_parameters": n * (DIMENSION + 1) + m * (n + 1) + 1}


def shifts_table(
    n_shifts=(1, 2, 4, 8, 16, 32, 64),
    first_widths=(20, 40, 80, 120, 160, 200),
    restarts=8,
    onsets=ONSETS,
    **columns,
):
    """Both networks; each interpolates from `onsets[network](n_shifts)` on.

    Parameters
    ----------
    n_shifts, first_widths : tuple of int
    restarts : int
        The k-th has a second width that differs by k % 3 - 1 where that leaves it positive.
    onsets : dict of str to callable
    **columns
        Functions (network, n_shifts, first_width, restart) that replace columns.
    """
    rows = []
    for network in SECOND_WIDTHS:
        for s in n_shifts:
            for n in first_widths:
                for k in range(restarts):
                    changes = {name: of(network, s, n, k) for name, of in columns.items()}
                    width = SECOND_WIDTHS[network][s]
                    changed = {
                        "interpolated": int(n >= onsets[network](s)),
                        "second_width": max(1, width + k % 3 - 1) if width > 1 else 1,
                    }
                    rows.append(row(network, s, n, k, **(changed | changes)))
    return pd.DataFrame(rows)


def sizes_table(n_samples=(50, 100, 200, 400), growth=0.2, **options):
    """Tables of several numbers of points; fully connected widths grow like N**growth."""
    tables = []
    for size in n_samples:
        table = shifts_table((16,), **options).assign(n_samples=size)
        factor = np.where(table["network"] == "convolutional", 1, (size / 50) ** growth)
        tables.append(table.assign(second_width=(table["second_width"] * factor).round()))
    return pd.concat(tables, ignore_index=True)


def grid_table(restarts=8, max_biases=(0.0, 0.25, 0.5, 1.0), onset=lambda bias: 30 + 60 * bias):
    """Convolutional networks over first width and maximal bias, 16 shifts."""
    rows = [
        row(
            "convolutional",
            16,
            n,
            k,
            max_bias=bias,
            interpolated=int(n + 10 * (k % 3) >= onset(bias)),
            second_width=3 + int(4 * bias) + 60 // n + k % 2,
        )
        for bias in max_biases
        for n in (10, 20, 40, 60, 80, 100)
        for k in range(restarts)
    ]
    return pd.DataFrame(rows)


def orbits_table(pieces=None, separations=None, **options):
    """Both networks at one first width with separation and covering."""
    pieces = pieces or {
        "convolutional": lambda s: round(60 / s**0.6) + 2,
        "fully_connected": lambda s: round(62 * s**0.7),
    }
    separations = separations or dict.fromkeys(SECOND_WIDTHS, lambda s: 0.4 / s**0.2)
    return shifts_table(
        first_widths=(400,),
        separation=lambda network, s, n, k: separations[network](s),
        M_minus=lambda network, s, n, k: pieces[network](s),
        **options,
    )


def accuracy_table(gain=0.1, moved=0.2, restarts=6, n_shifts=(1, 16, 64)):
    """Test accuracies that rise with n; convolutional ones are higher by `gain`."""

    def test_accuracy(network, s, n, k):
        return 0.8 + n / 2000 + (gain if network == "convolutional" else s / 2000) + k / 2000

    def share_moved(network, s, n, k):
        return 0.0 if network == "convolutional" or s == 1 else moved * 20 / n + k / 1000

    table = shifts_table(
        n_shifts,
        first_widths=(20, 50, 100, 200),
        restarts=restarts,
        test_accuracy=test_accuracy,
        moved=share_moved,
    )
    # Convolutional networks are invariant under all shifts only.
    return table[(table["network"] != "convolutional") | (table["n_shifts"] == 64)]
