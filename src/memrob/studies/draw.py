"""From the description of a figure in a configuration file to the figure."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from memrob.errors import UserError
from memrob.numerics.files import whole_file
from memrob.plots.style import save, styled
from memrob.studies.kind import TEXTS, Kind, kind_of
from memrob.studies.material import Material
from memrob.studies.titles import figure_title


def draw(
    kinds: Mapping[str, Kind],
    spec: dict,
    out_pdf: Path,
    material: Material,
    title: str = "",
    about: str = "",
    where: str = "figure",
) -> None:
    """Draw one figure and save it as PDF and PNG.

    Parameters
    ----------
    kinds : mapping of str to Kind
        Those of the study.
    spec : dict
        The figure's entry in the configuration of its experiment: ``kind``, a key of `kinds`, and
        the options of that kind; those of `TEXTS` are for others.
    out_pdf : path-like
        The PNG takes the same name with the suffix ``.png``.
    material : Material
        What it is drawn from.
    title : str
        Heading of its experiment, which stands below what the figure shows.
    about : str
        Where it comes from, see `memrob.plots.style.save`.
    where : str
        File and key of the entry, for messages.

    Raises
    ------
    UserError
        When the kind is unknown or a table to read, an option is unknown or missing, or what the
        kind is drawn from was not given.
    """
    shown = figure_title(Path(out_pdf).stem, spec)
    heading = f"{shown}\n{title}" if title and title != shown else shown
    drawn = _filled(kinds, spec, material, where)
    if kinds[spec["kind"]].printed:
        raise UserError(f"{where}: is a table to read; its file ends in .csv")
    with styled():
        save(drawn(title=heading), Path(out_pdf), about)


def print_table(
    kinds: Mapping[str, Kind], spec: dict, out_csv: Path, material: Material, where: str = "figure"
) -> None:
    """Write a figure that is a table to read.

    Parameters
    ----------
    kinds, spec, material, where
        As for `draw`; the kind is `printed`.
    out_csv : path-like
        CSV to write.

    Raises
    ------
    UserError
        As `draw` does.
    """
    table = _filled(kinds, spec, material, where)()
    with whole_file(Path(out_csv)) as temporary:
        table.to_csv(temporary, index=False)


def _filled(
    kinds: Mapping[str, Kind], spec: dict, material: Material, where: str
) -> Callable[..., Any]:
    """Return the function of a kind with its material and its options."""
    kind = kind_of(kinds, spec, where)
    kind.check_options(spec, where)
    _check_material(kind, material, where)
    options = {key: value for key, value in spec.items() if key not in TEXTS}
    arguments = [getattr(material, argument) for argument in kind.arguments]
    given = {argument: getattr(material, argument) for argument in kind.given}
    return partial(kind.function, *arguments, **given, **options)


def _check_material(kind: Kind, material: Material, where: str) -> None:
    if kind.of_dataset and material.dataset is None:
        raise UserError(f"{where}: is drawn from a data set, and none was given")
    if kind.of_trials and (material.trials is None or material.trials.empty):
        raise UserError(f"{where}: is drawn from trials, and there are none")
    if "image_shape" in kind.given and material.image_shape is None:
        raise UserError(f"{where}: the data set has no images to show")
