"""Renders the page."""

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from memrob.gallery.cells import shades
from memrob.gallery.entries import collect
from memrob.gallery.model import Page
from memrob.numerics.files import whole_file
from memrob.studies.registry import PARTS

NBSP = "\N{NO-BREAK SPACE}"
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
        `shows` and optionally `title`), and `source`, the file it was read from, where that is
        not `config/experiments/STUDY/NAME.yaml`.
    scale : str
        Scale of the run: smoke, default, paper or archive.
    missing : dict of str to str
        Data sets or experiments that could not be made, with the reason and the remedy.
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
        part_titles={name: kind.description().heading for name, kind in PARTS.items()},
        scale_note=SCALES.get(page.provenance.scale, ""),
        verdicts=VERDICTS,
        short=SHORT,
    )


def duration(seconds: float) -> str:
    """Write a time in the two units that matter: 0.4 s, 41 s, 3 min 20 s, 2 h 05 min."""
    if seconds < 9.95:
        return f"{seconds:.1f}{NBSP}s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes == 0:
        return f"{rest}{NBSP}s"
    if minutes < 60:
        return f"{minutes}{NBSP}min {rest:02d}{NBSP}s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours}{NBSP}h {minutes:02d}{NBSP}min"


def percent(share: float | None) -> str:
    """Write a share as a percentage that shows 100 % only when it is 1."""
    if share is None:
        return "–"
    if share == 1:
        return f"100{NBSP}%"
    return f"{min(100 * share, 99.9):.1f}{NBSP}%"


def decimal(value: float | None, places: int = 2) -> str:
    """Write a number with a true minus sign, a dash where there is none."""
    return "–" if value is None else f"{value:.{places}f}".replace("-", "−").replace("inf", "∞")


def number(value: float) -> str:
    """Write a number for a reader: thousands apart, at most three decimals."""
    return f"{value:,.3f}".rstrip("0").rstrip(".").replace("-", "−")


def tie(text: str) -> str:
    """Keep relations such as λ = 0.5 and 5 % on one line by non-breaking spaces."""
    return re.sub(r" (?:[=≤≥<>×] |%)", lambda match: match[0].replace(" ", NBSP), text)
