"""From the description of a figure in a configuration file to the figure."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from memrob.errors import UserError
from memrob.plots.style import save, styled
from memrob.studies.material import Material

# Keys of a figure's description that say what is written beside it, not how it is drawn.
TEXTS = {"kind", "caption", "shows", "title", "measured"}
OF_TRIALS = {"trials", "cells"}
OF_DATASET = {"points", "labels"}


@dataclass(frozen=True)
class Kind:
    """A kind of figure.

    Attributes
    ----------
    function : callable
        Draws it. Its arguments by name are the title and the options of the figure.
    arguments : tuple of str
        Attributes of `Material` that it takes by position.
    given : tuple of str
        Attributes of `Material` that it takes by name.
    """

    function: Callable[..., Figure]
    arguments: tuple[str, ...] = ("trials",)
    given: tuple[str, ...] = ()


def draw(
    kinds: Mapping[str, Kind],
    spec: dict,
    out_pdf: Path,
    material: Material,
    title: str = "",
    about: str = "",
) -> None:
    """Draw one figure and save it as PDF and PNG.

    Parameters
    ----------
    kinds : mapping of str to Kind
        Those of the part.
    spec : dict
        The figure's entry in the configuration of its experiment: ``kind``, a key of `kinds`, and
        the options of that kind; those of `TEXTS` are for others.
    out_pdf : path-like
        The PNG takes the same name with the suffix ``.png``.
    material : Material
        What it is drawn from.
    title : str
        Title of the figure.
    about : str
        Where it comes from, see `memrob.plots.style.save`.

    Raises
    ------
    UserError
        When the kind is unknown, an option is unknown or missing, or what the kind is drawn from
        was not given.
    """
    name = spec.get("kind")
    if name not in kinds:
        raise UserError(f"figure key kind: found {name!r}, expected one of {', '.join(kinds)}")
    kind = kinds[name]
    _check_material(name, kind, material)
    options = {key: value for key, value in spec.items() if key not in TEXTS}
    _check_options(name, kind, options)
    arguments = [getattr(material, argument) for argument in kind.arguments]
    given = {argument: getattr(material, argument) for argument in kind.given}
    with styled():
        save(kind.function(*arguments, title=title, **given, **options), Path(out_pdf), about)


def _check_material(name: str, kind: Kind, material: Material) -> None:
    if OF_DATASET & set(kind.arguments) and material.dataset is None:
        raise UserError(f"figure of kind {name}: found no data set, expected one")
    trials = material.trials
    if OF_TRIALS & set(kind.arguments) and (trials is None or trials.empty):
        raise UserError(f"figure of kind {name}: found no trials, expected at least one")
    if "image_shape" in kind.given and material.image_shape is None:
        raise UserError(f"figure of kind {name}: the data set has no images to show")


def _check_options(name: str, kind: Kind, options: dict) -> None:
    parameters = inspect.signature(kind.function).parameters.values()
    known = {
        parameter.name: parameter.default is parameter.empty
        for parameter in parameters
        if parameter.kind is parameter.KEYWORD_ONLY and parameter.name not in {"title", *kind.given}
    }
    for option in options:
        if option not in known:
            allowed = ", ".join(known) or "none"
            raise UserError(f"figure of kind {name}: found option {option}, expected {allowed}")
    for option, needed in known.items():
        if needed and option not in options:
            raise UserError(f"figure of kind {name}: option {option} is missing")
