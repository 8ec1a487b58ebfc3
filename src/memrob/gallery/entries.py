"""Collects what the page shows from the results and figures of a run, complete or not."""

import struct
from datetime import date
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from memrob.gallery.cells import as_json, heatmap_values
from memrob.gallery.comparison import compare, compared_cells, read_compared
from memrob.gallery.constant import constant_sentence
from memrob.gallery.model import Experiment, Fidelity, Figure, Gap, Image, Page, Provenance
from memrob.gallery.printed import preview, printed_table
from memrob.gallery.sources import existing, figure_sources, link, rule_source, trial_logs
from memrob.gallery.tables import (
    REPLAY_COLUMNS,
    SUMMARY_COLUMNS,
    experiment_claims,
    read_provenance,
    read_published,
    read_rows,
    read_trials,
)
from memrob.studies.archive import ARCHIVE, KEPT_SCALE, archive_path, is_archive
from memrob.studies.kind import Kind
from memrob.studies.registry import PARTS
from memrob.studies.titles import figure_title

DEFAULT_SCALE = "default"
"""Scale of a command that names none."""

NO_KIND = Kind(lambda: None, arguments=())
"""In place of a kind that the study does not have, which only a page of other code can name."""


def collect(
    root: Path,
    experiments: list[dict[str, Any]],
    *,
    scale: str,
    missing: dict[str, str],
    folder: Path,
) -> Page:
    """Collect everything on the page; see `build_gallery` for the parameters.

    `folder` is the folder of the page: paths on it are relative to that.
    """
    records = [read_provenance(root, experiment) for experiment in experiments]
    compared = read_compared(root)
    shown = [
        _experiment(root, experiment, record, compared, missing, folder, scale)
        for experiment, record in zip(experiments, records, strict=True)
    ]
    return Page(
        experiments=shown,
        fidelity=_fidelity(root, folder),
        gaps=_gaps(shown, missing),
        provenance=_provenance(scale, [record for record in records if record]),
        animation=_address(root / "figures" / "construction.gif", folder),
        play=_address(root / "docs" / "play" / "index.html", folder),
    )


def png_size(path: Path) -> tuple[int, int] | None:
    """Width and height of a PNG in pixels from its header, None if it is no PNG."""
    with path.open("rb") as stream:
        head = stream.read(24)
    if len(head) < 24 or not head.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    return struct.unpack(">II", head[16:24])


def _experiment(
    root: Path,
    experiment: dict[str, Any],
    record: dict[str, Any],
    compared: pd.DataFrame,
    missing: dict[str, str],
    folder: Path,
    scale: str,
) -> Experiment:
    trials = read_trials(root, experiment)
    published = read_published(root, experiment)
    claims = experiment_claims(root, experiment, trials)
    description = PARTS[experiment["part"]].description()
    seconds = record.get("wall_seconds")
    figures = []
    for name, options in experiment.get("figures", {}).items():
        kind = PARTS[experiment["part"]].kinds().get(options.get("kind"), NO_KIND)
        # Kept trials need no data set; figures that show one do.
        lackable = missing if kind.of_dataset or not is_archive(scale) else {}
        figure = _figure(root, experiment, name, options, kind, lackable, folder)
        figure.claims = claims.get(name, [])
        if figure.of_table:
            figure.seconds = seconds
            figure.fuller = _fuller(root, experiment, record, figure)
            rows = compared_cells(compared, experiment["name"], options)
            figure.comparison = compare(rows, options)
            figure.constant = constant_sentence(experiment, options, trials, published)
            values = heatmap_values(experiment, options, trials, published, compared)
            figure.cells = None if values is None else as_json(values)
            if description.per_cell is not None and trials is not None and len(trials):
                figure.caption += f" {description.per_cell(trials).capitalize()} per cell."
        if scale != DEFAULT_SCALE:
            figure.command += f" --config scale={scale}"
        figures.append(figure)
    _widen_odd(figures)
    return Experiment(
        name=experiment["name"],
        part=experiment["part"],
        title=unescape(experiment.get("title", experiment["name"])),
        grid=description.of_table(experiment["name"], trials),
        seconds=seconds,
        figures=figures,
        logs=trial_logs(root, experiment, _chunks(record), folder),
        preview=preview(trials, experiment["part"]),
    )


def _chunks(record: dict[str, Any]) -> int:
    """Chunks whose logs lie here: none if the trials were computed elsewhere."""
    return 0 if "archive" in record else int(record.get("chunks") or 0)


def _fuller(
    root: Path, experiment: dict[str, Any], record: dict[str, Any], figure: Figure
) -> str | None:
    """Command that draws a figure from archived trials of more cells than this run has."""
    kept = archive_path(experiment["part"], experiment["name"], root / ARCHIVE)
    if record.get("scale") == KEPT_SCALE or not kept.exists():
        return None
    return f"{figure.command} --config scale=archive"


def _widen_odd(figures: list[Figure]) -> None:
    """Give the last of an odd number of neighbours of a sort a row of its own.

    Figures of data and figures of tables stand two in a row, so that the probability and the
    second width of an experiment are beside each other.
    """
    for _, group in groupby(figures, key=lambda figure: figure.of_table):
        row = list(group)
        row[-1].wide = len(row) % 2 == 1


def _figure(
    root: Path,
    experiment: dict[str, Any],
    name: str,
    options: dict[str, Any],
    kind: Kind,
    missing: dict[str, str],
    folder: Path,
) -> Figure:
    target = f"figures/{experiment['part']}/{experiment['name']}/{name}{kind.suffix}"
    image = _image(root / target, folder)
    printed = printed_table(root / target, experiment["part"]) if kind.printed else None
    raw_set = experiment.get("download")
    lacks = raw_set if raw_set in missing else None
    reason = ""
    if image is None and printed is None:
        reason = f"Not made: {lacks} is missing." if lacks else "Not made yet."
    return Figure(
        experiment=experiment["name"],
        name=name,
        title=figure_title(name, options),
        published=options.get("figure", ""),
        caption=unescape(options.get("caption", "")),
        command=f"snakemake --cores 8 {target}",
        of_table=kind.of_trials,
        image=image,
        reason=reason,
        lacks=lacks,
        sources=figure_sources(root, experiment, name, kind, folder),
        printed=printed,
        context=unescape(experiment.get("title", experiment["name"])),
    )


def _image(pdf: Path, folder: Path) -> Image | None:
    """Find the picture of `pdf`; without a PDF the link leads to the PNG."""
    png = pdf.with_suffix(".png")
    if not png.is_file():
        return None
    size = png_size(png) or (None, None)
    return Image(link(png, folder), link(pdf if pdf.is_file() else png, folder), *size)


def _address(path: Path, folder: Path) -> str:
    return link(path, folder) if path.is_file() else ""


def _fidelity(root: Path, folder: Path) -> Fidelity:
    results, figures = root / "results", root / "figures"
    files = {
        "PDF": figures / "fidelity.pdf",
        "all cells (CSV)": results / "fidelity.csv",
        "summary (CSV)": results / "fidelity_summary.csv",
        "replayed trials (CSV)": results / "replay.csv",
        "their summary (CSV)": results / "replay_summary.csv",
        "all claims (CSV)": results / "claims.csv",
        "log": root / "logs" / "fidelity_figure.log",
    }
    pictures = [figures / "fidelity.png", *sorted(figures.glob("fidelity/*.png"))]
    images = [_image(path.with_suffix(".pdf"), folder) for path in pictures]
    return Fidelity(
        summary=read_rows(results / "fidelity_summary.csv", SUMMARY_COLUMNS),
        replay=read_rows(results / "replay_summary.csv", REPLAY_COLUMNS),
        images=[image for image in images if image is not None],
        sources=existing(folder, files) + rule_source(root, "fidelity", folder),
    )


def _gaps(experiments: list[Experiment], missing: dict[str, str]) -> list[Gap]:
    return [
        Gap(
            name,
            reason,
            [each.name for each in experiments if name in {f.lacks for f in each.figures}],
        )
        for name, reason in missing.items()
    ]


def _provenance(scale: str, records: list[dict[str, Any]]) -> Provenance:
    def values(key: str) -> list[str]:
        found = [_words(record[key]) for record in records if record.get(key)]
        return list(dict.fromkeys(found))

    versions: dict[str, str] = {}
    for record in records:
        for package, version in (record.get("versions") or {}).items():
            known = versions.setdefault(package, str(version))
            if str(version) not in known.split(" / "):
                versions[package] = f"{known} / {version}"
    seconds = [float(record["wall_seconds"]) for record in records if record.get("wall_seconds")]
    return Provenance(
        scale=scale,
        date=date.today().isoformat(),
        commits=values("git_commit"),
        machines=values("machine"),
        versions=versions,
        seconds=sum(seconds) if seconds else None,
    )


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values())
    return str(value)
