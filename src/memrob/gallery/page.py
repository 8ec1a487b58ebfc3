"""Renders the page."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from memrob.gallery.cells import shades
from memrob.gallery.entries import collect
from memrob.gallery.model import Page
from memrob.gallery.words import decimal, duration, number, percent, tie
from memrob.numerics.files import whole_file
from memrob.studies.registry import PARTS

TEMPLATES = Path(__file__).parent / "templates"

SCALES = {
    "smoke": "synthetic stand-in data; this page shows that the workflow runs, no more",
    "default": "thinned grids and fewer trials than published; each experiment says how many",
    "paper": "every published cell with all its trials",
    "archive": "every published cell with all its trials, which were computed once and are kept in "
    "data/replication; this run has drawn them",
}
# Symbol, words and class of each verdict; the symbol and words carry it without colour.
VERDICTS = {
    True: ("✓", "holds", "holds"),
    False: ("✗", "does not hold", "fails"),
    None: ("?", "not decided by this run", "open"),
}
SHORT = {True: "hold", False: "fail", None: "undecided"}


def build_gallery(
    root: Path,
    experiments: list[dict[str, Any]],
    *,
    scale: str,
    missing: dict[str, str],
    out: Path,
) -> None:
    """Write the page with every figure, from whatever a run has made so far.

    Parameters
    ----------
    root : Path
        Folder that holds `results/`, `figures/` and `data/reference/`.
    experiments : list of dict
        Configurations of the experiments, in the order of the page: `name`, `part`, and
        optionally `title`, `dataset` and `figures` (figure name to a dict with `kind`, `caption`,
        `shows` and optionally `title`), `download`, the raw set that its data set is built from,
        and `source`, the file it was read from, where that is not
        `config/experiments/STUDY/NAME.yaml`.
    scale : str
        Scale of the run: smoke, default, paper or archive.
    missing : dict of str to str
        Raw sets that no source delivered, with the reason and the remedy.
    out : Path
        HTML file to write, `figures/index.html` by convention. It refers to the figures and tables
        by relative paths and to nothing on a network.

    Raises
    ------
    UserError
        If a summary table or provenance record exists but cannot be read.
    """
    page = collect(root, experiments, scale=scale, missing=missing, folder=out.parent)
    with whole_file(out) as path:
        path.write_text(render(page), encoding="utf-8")


def orders(page: Page) -> str:
    """Orders of the figures other than by study as JSON: headings with identifiers of figures."""
    found = {"paper": page.as_published, "question": page.by_question}
    named = {
        order: [[heading, [figure.anchor for figure in figures]] for heading, figures in of.items()]
        for order, of in found.items()
    }
    return json.dumps(named).replace("<", "\\u003c")


def render(page: Page) -> str:
    """HTML text of the page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        duration=duration, percent=percent, decimal=decimal, number=number, tie=tie, markup=Markup
    )
    return environment.get_template("page.html.j2").render(
        page=page,
        css=Markup((TEMPLATES / "page.css").read_text(encoding="utf-8")),
        script=Markup((TEMPLATES / "page.js").read_text(encoding="utf-8")),
        shades=shades(),
        orders=orders(page),
        part_titles={name: kind.description().heading for name, kind in PARTS.items()},
        scale_note=SCALES.get(page.provenance.scale, ""),
        verdicts=VERDICTS,
        short=SHORT,
    )
