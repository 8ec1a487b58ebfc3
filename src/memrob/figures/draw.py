"""From the description of a figure in a configuration file to the figure."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from memrob.errors import UserError
from memrob.figures.boundary import boundary
from memrob.figures.boundary_grid import boundary_grid
from memrob.figures.heatmap import heatmap
from memrob.figures.samples import samples
from memrob.figures.scatter import scatter
from memrob.figures.slices import slices
from memrob.figures.style import save, styled
from memrob.interpolation.cells import summarise

# Keys of a figure's description that say what is written beside it, not how it is drawn.
TEXTS = {"kind", "caption", "shows", "title", "measured"}


@dataclass(frozen=True)
class Material:
    """What a figure can be drawn from; None where it was not given."""

    trials: pd.DataFrame | None
    published: pd.DataFrame | None
    dataset: tuple[np.ndarray, np.ndarray] | None
    image_shape: Sequence[int] | None
    class_names: Sequence[str] | None

    @cached_property
    def cells(self) -> pd.DataFrame:
        """The trials, one row a cell."""
        return summarise(self.trials)


def _heatmap(options: dict, material: Material, title: str) -> Figure:
    return heatmap(material.cells, material.published, title=title, **options)


def _slices(options: dict, material: Material, title: str) -> Figure:
    return slices(material.trials, material.published, title=title, **options)


def _of_dataset(function: Callable[..., Figure]) -> Callable[..., Figure]:
    def drawn(options: dict, material: Material, title: str) -> Figure:
        return function(*material.dataset, title=title, **options)

    return drawn


def _samples(options: dict, material: Material, title: str) -> Figure:
    if material.image_shape is None:
        raise UserError("figure of kind samples: the data set has no images to show")
    return samples(
        *material.dataset,
        image_shape=material.image_shape,
        class_names=material.class_names,
        title=title,
        **options,
    )


def check_options(kind: str, function: Callable[..., Figure], options: dict) -> None:
    """Check the options of a figure against the function that draws it.

    Raises
    ------
    UserError
        When an option is not one of the function's, or one that it needs is missing.
    """
    parameters = inspect.signature(function).parameters.values()
    known = {
        parameter.name: parameter.default is parameter.empty
        for parameter in parameters
        if parameter.kind is parameter.KEYWORD_ONLY and parameter.name not in GIVEN
    }
    for name in options:
        if name not in known:
            allowed = ", ".join(known) or "none"
            raise UserError(f"figure of kind {kind}: found option {name}, expected {allowed}")
    for name, needed in known.items():
        if needed and name not in options:
            raise UserError(f"figure of kind {kind}: option {name} is missing")


FUNCTIONS: dict[str, Callable[..., Figure]] = {
    "heatmap": heatmap,
    "slices": slices,
    "scatter": scatter,
    "boundary": boundary,
    "boundary_grid": boundary_grid,
    "samples": samples,
}
# Arguments of these functions that do not come from a figure's description.
GIVEN = {"title", "image_shape", "class_names"}
# Each takes (options, material, title); options are the keys of the figure but `TEXTS`.
KINDS: dict[str, Callable[[dict, Material, str], Figure]] = {
    "heatmap": _heatmap,
    "slices": _slices,
    "scatter": _of_dataset(scatter),
    "boundary": _of_dataset(boundary),
    "boundary_grid": _of_dataset(boundary_grid),
    "samples": _samples,
}
NEEDS_DATASET = {"scatter", "boundary", "boundary_grid", "samples"}


def draw(
    spec: dict,
    out_pdf: Path,
    *,
    title: str = "",
    trials: pd.DataFrame | None = None,
    published: pd.DataFrame | None = None,
    dataset: tuple[np.ndarray, np.ndarray] | None = None,
    image_shape: Sequence[int] | None = None,
    class_names: Sequence[str] | None = None,
) -> None:
    """Draw one figure and save it as PDF and PNG.

    Parameters
    ----------
    spec : dict
        The figure's entry in the configuration of its experiment: ``kind``, a key of `KINDS`, and
        the options of that kind; ``caption`` and ``shows`` are for others.
    out_pdf : path-like
        The PNG takes the same name with the suffix ``.png``.
    title : str
        Title of the figure.
    trials : DataFrame, optional
        One row a trial; needed by every kind not in `NEEDS_DATASET`.
    published : DataFrame, optional
        Published cells.
    dataset : (X, y), optional
        Points (N, d) float32 and labels (N,) int; needed by the kinds in `NEEDS_DATASET`.
    image_shape : sequence of int, optional
        Shape of an image, for ``samples``.
    class_names : sequence of str, optional
        Names in ascending order of the labels, for ``samples``.

    Raises
    ------
    UserError
        When the kind is unknown, an option is unknown or missing, or what the kind is drawn from
        was not given.
    """
    kind = spec.get("kind")
    if kind not in KINDS:
        raise UserError(f"figure key kind: found {kind!r}, expected one of {', '.join(KINDS)}")
    material = Material(trials, published, dataset, image_shape, class_names)
    if kind in NEEDS_DATASET and dataset is None:
        raise UserError(f"figure of kind {kind}: found no data set, expected one")
    if kind not in NEEDS_DATASET and (trials is None or trials.empty):
        raise UserError(f"figure of kind {kind}: found no trials, expected at least one")
    options = {key: value for key, value in spec.items() if key not in TEXTS}
    check_options(kind, FUNCTIONS[kind], options)
    with styled():
        save(KINDS[kind](options, material, title), Path(out_pdf))


def draw_table(
    spec: dict,
    out_pdf: Path,
    kinds: dict[str, Callable[..., Figure]],
    tables: Sequence[pd.DataFrame | None],
    title: str,
) -> None:
    """Draw one figure of tables and save it as PDF and PNG.

    Parameters
    ----------
    spec : dict
        The figure's entry in the configuration of its experiment: ``kind``, a key of `kinds`, and
        the options of that kind; those of `TEXTS` are for others.
    out_pdf : path-like
        The PNG takes the same name with the suffix ``.png``.
    kinds : dict
        Functions that draw; they take the tables and, by name, the title and the options.
    tables : sequence of DataFrame or None
        What the function takes; the first, if there is one, must hold trials.
    title : str
        Title of the figure.

    Raises
    ------
    UserError
        When the kind is unknown, an option is unknown or missing, or the trials were not given.
    """
    kind = spec.get("kind")
    if kind not in kinds:
        raise UserError(f"figure key kind: found {kind!r}, expected one of {', '.join(kinds)}")
    options = {key: value for key, value in spec.items() if key not in TEXTS}
    check_options(kind, kinds[kind], options)
    if tables and (tables[0] is None or tables[0].empty):
        raise UserError(f"figure of kind {kind}: found no trials, expected at least one")
    with styled():
        save(kinds[kind](*tables, title=title, **options), Path(out_pdf))
