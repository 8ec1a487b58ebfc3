"""From the description of a figure in a configuration file to the figure."""

from collections.abc import Mapping
from pathlib import Path

from memrob.errors import UserError
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
        When the kind is unknown, an option is unknown or missing, or what the kind is drawn from
        was not given.
    """
    kind = kind_of(kinds, spec, where)
    kind.check_options(spec, where)
    _check_material(kind, material, where)
    options = {key: value for key, value in spec.items() if key not in TEXTS}
    arguments = [getattr(material, argument) for argument in kind.arguments]
    given = {argument: getattr(material, argument) for argument in kind.given}
    shown = figure_title(Path(out_pdf).stem, spec)
    heading = f"{shown}\n{title}" if title and title != shown else shown
    with styled():
        save(kind.function(*arguments, title=heading, **given, **options), Path(out_pdf), about)


def _check_material(kind: Kind, material: Material, where: str) -> None:
    if kind.of_dataset and material.dataset is None:
        raise UserError(f"{where}: is drawn from a data set, and none was given")
    if kind.of_trials and (material.trials is None or material.trials.empty):
        raise UserError(f"{where}: is drawn from trials, and there are none")
    if "image_shape" in kind.given and material.image_shape is None:
        raise UserError(f"{where}: the data set has no images to show")
