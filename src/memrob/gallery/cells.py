"""Values of the cells of heatmaps, in the form in which the page holds them."""

import json
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.colors import to_hex

from memrob.gallery.comparison import SYMBOLS, compared_cells
from memrob.plots.grids import grid, mean_column
from memrob.plots.style import COLOUR_MAPS
from memrob.studies.registry import PARTS

CELL = list(SYMBOLS)
NAMES = {"interpolated": "probability of interpolation", "second_width": "mean second width"}
SHADES = 32


def heatmap_values(
    experiment: dict[str, Any],
    options: dict[str, Any],
    trials: pd.DataFrame | None,
    published: pd.DataFrame | None,
    compared: pd.DataFrame,
) -> dict[str, Any] | None:
    """Arrange what the page shows of the cells of a heatmap.

    Parameters
    ----------
    experiment : dict
        Configuration of the experiment.
    options : dict
        The figure's entry in it.
    trials : DataFrame or None
        Table of the experiment.
    published : DataFrame or None
        Published cells.
    compared : DataFrame
        Comparison with them, see `memrob.gallery.comparison.read_compared`.

    Returns
    -------
    dict or None
        None for other figures, and where there are no trials. `x` and `y` have a symbol and the
        ascending values; `run`, `published` and `z` have a value per cell, row by row from the
        lowest y, NaN where there is none; `published` and `z` are None where nothing is published
        or compared. `trials` and `published_trials` have one number, or one a cell. A second
        layer without neurons counts as one in the second widths of interpolation experiments, as
        in published tables.
    """
    cells_of = PARTS[experiment["part"]].description().heatmap_cells
    if options.get("kind") != "heatmap" or cells_of is None or trials is None or trials.empty:
        return None
    quantity, x, y = options["quantity"], options["x"], options["y"]
    cells = cells_of(trials, options)
    values = grid(cells, quantity, x, y)

    def beside(others: pd.DataFrame | None, column: str) -> np.ndarray | None:
        if others is None:
            return None
        named = others[[*CELL, column]].rename(columns={column: "beside"})
        found = cells[CELL].merge(named, on=CELL, how="left", validate="one_to_one")
        if not found["beside"].notna().any():
            return None
        return found.pivot(index=y, columns=x, values="beside").to_numpy(float).ravel()

    other = beside(published, mean_column(quantity))
    every = values.values.ravel() if other is None else np.append(values.values, other)
    return {
        "quantity": quantity,
        "name": NAMES[quantity],
        "x": {"symbol": SYMBOLS[x], "values": values.x},
        "y": {"symbol": SYMBOLS[y], "values": values.y},
        "run": values.values.ravel(),
        "trials": _constant(values.trials),
        "published": other,
        "published_trials": None if other is None else _constant(beside(published, "trials")),
        "z": beside(compared_cells(compared, experiment["name"], options), "z"),
        # Few cells with far larger widths leave the others their colours, as in the picture.
        "top": 1.0 if quantity == "interpolated" else float(np.nanquantile(every, 0.98)) or 1.0,
    }


def as_json(values: dict[str, Any]) -> str:
    """Write values as JSON of six digits for a script element: null for NaN, 1e999 for infinity."""
    return (
        json.dumps(_plain(values), separators=(",", ":"))
        .replace("Infinity", "1e999")
        .replace("<", "\\u003c")
    )


def shades() -> str:
    """Colours of the maps from low to high as JSON: those of the figures, and one for z."""
    maps = {**COLOUR_MAPS, "z": "RdBu_r"}
    places = np.linspace(0, 1, SHADES)
    return json.dumps(
        {key: [to_hex(c) for c in colormaps[name](places)] for key, name in maps.items()}
    )


def _constant(counts: np.ndarray) -> float | np.ndarray:
    found = np.unique(counts[np.isfinite(counts)])
    return float(found[0]) if len(found) == 1 else counts.ravel()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, np.ndarray | list):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        if np.isnan(value):
            return None
        rounded = float(f"{value:.6g}")
        return int(rounded) if rounded.is_integer() else rounded
    return value
