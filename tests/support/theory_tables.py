"""Tables of complexities and of measured trials that follow the theory exactly."""

import numpy as np
import pandas as pd


def theory_table(n_samples=(1000,), max_biases=(0.5, 1.0, 1.5, 2.0), constants=(0.5, 1.0)):
    """M- = 12 for constant 1/2 and 3 for 1; the shape grows like lambda^1.2."""
    rows = [
        {
            "dataset": "moons",
            "n_samples": n,
            "max_bias": max_bias,
            "constant": constant,
            "input_dim": 2,
            "label": 1,
            "n_minus": n // 2,
            "n_plus": n - n // 2,
            "M_minus": round(3 / constant**2),
            "M_plus": round(4 / constant**2),
            "radius": 1.0,
            "separation": 0.1,
            "centre_separation": 0.15,
            "omega": 0.5,
            "omega_error": 0.01,
            "first_width_shape": 40 * max_bias**1.2 / constant,
            "point_separation": 1e-3,
            "conditions_hold": 1,
        }
        for n in n_samples
        for max_bias in max_biases
        for constant in constants
    ]
    return pd.DataFrame(rows)


def measured_table(theory, first_widths=(50, 100, 150, 200, 300, 400), restarts=10, width=8):
    """Every network interpolates from n = 100 lambda on, none below."""
    cells = theory[["n_samples", "max_bias"]].drop_duplicates()
    rows = [
        {
            "n_samples": cell.n_samples,
            "max_bias": cell.max_bias,
            "first_width": n,
            "restart": restart,
            "interpolated": int(n >= 100 * cell.max_bias),
            "second_width": width,
            **{f"second_width_{label}": width + label for label in range(5)},
            "n_parameters": 3 * n + width * (n + 1) + 1,
        }
        for cell in cells.itertuples()
        for n in first_widths
        for restart in range(restarts)
    ]
    return pd.DataFrame(rows)


def mnist_like(M_minus=(100, 200, 300, 400, 500), constants=(1.0,)):
    """Some classes, each against the rest."""
    tables = [theory_table(max_biases=(1.0,), constants=constants) for _ in M_minus]
    tables = [t.assign(label=i, M_minus=M_minus[i]) for i, t in enumerate(tables)]
    return pd.concat(tables, ignore_index=True).assign(point_separation=np.nan)
