"""From the description of a figure of test accuracy in a configuration to the figure."""

from pathlib import Path

import pandas as pd

from memrob.errors import UserError
from memrob.figures.draw import TEXTS, check_options
from memrob.figures.generalisation import KINDS
from memrob.figures.style import save, styled


def draw(spec: dict, out_pdf: Path, *, title: str = "", trials: pd.DataFrame | None = None) -> None:
    """Draw one figure and save it as PDF and PNG.

    Parameters
    ----------
    spec : dict
        The figure's entry in the configuration of its experiment: ``kind``, a key of `KINDS`, and
        the options of that kind; ``caption``, ``shows`` and ``title`` are for others.
    out_pdf : path-like
        The PNG takes the same name with the suffix ``.png``.
    title : str
        Title of the figure.
    trials : DataFrame, optional
        One row a trial; every kind needs it.

    Raises
    ------
    UserError
        When the kind is unknown, an option is unknown or missing, or the trials were not given.
    """
    kind = spec.get("kind")
    if kind not in KINDS:
        raise UserError(f"figure key kind: found {kind!r}, expected one of {', '.join(KINDS)}")
    options = {key: value for key, value in spec.items() if key not in {*TEXTS, "title"}}
    check_options(kind, KINDS[kind], options)
    if trials is None or trials.empty:
        raise UserError(f"figure of kind {kind}: found no trials, expected at least one")
    with styled():
        save(KINDS[kind](trials, title=title, **options), Path(out_pdf))
