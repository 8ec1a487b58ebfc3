"""Tables of trials on test accuracy, made up."""

import numpy as np
import pandas as pd


def trial_table(cells, *, linear=0.9, neighbours=0.95, n_test=10_000):
    """One row per network, and one per reference.

    Parameters
    ----------
    cells : list of dict
        `first_width`, `max_bias`, `test_accuracy`, and other columns to replace.
    linear, neighbours : float or None
        Test accuracies of the references; None for none.
    n_test : int
        Number of test points.
    """
    network = {
        "classifier": "network",
        "n_test": n_test,
        "restart": 0,
        "second_width": 7,
        "interpolated": 1.0,
        "accuracy": 1.0,
        "undetected": 0.2,
        "ambiguous": 0.1,
        "unique_accuracy": 0.97,
        "undetected_errors": 0.1,
        "ambiguous_errors": 0.02,
    }
    rows = [
        {"classifier": name, "n_test": n_test, "first_width": 0, "test_accuracy": accuracy}
        for name, accuracy in {"linear": linear, "neighbours": neighbours}.items()
        if accuracy is not None
    ]
    rows += [{**network, **cell} for cell in cells]
    return pd.DataFrame(rows).astype({"max_bias": float}).replace({None: np.nan})


def grid(accuracy, widths=(100, 200, 400), biases=(0.0, 1.0), **columns):
    """Cells with the test accuracy `accuracy(first_width, max_bias)`."""
    return [
        {"first_width": n, "max_bias": bias, "test_accuracy": accuracy(n, bias), **columns}
        for bias in biases
        for n in widths
    ]
