"""Draw a figure of an experiment."""

from pathlib import Path

from memrob.data.catalogue import DATASETS
from memrob.data.npz import load_prepared
from memrob.errors import UserError
from memrob.studies.draw import draw
from memrob.studies.material import Material
from memrob.studies.provenance import origin
from memrob.studies.registry import load_experiment
from memrob.studies.tables import read_trials
from memrob.workflow.jobs import configuration_of, run_job, run_shell


def figure(
    experiment: Path,
    figure: str,
    pdf: Path,
    dataset: Path | None = None,
    table: Path | None = None,
    measured: Path | None = None,
    reference: Path = Path("data/reference"),
) -> None:
    """Draw a figure of an experiment as PDF and PNG.

    Parameters
    ----------
    experiment : path
        Configuration of the experiment.
    figure : str
        Name of the figure in it.
    pdf : path
        PDF to write; the PNG lies beside it.
    dataset, table : path, optional
        NPZ of the data set and CSV of the trials; which is needed depends on the kind of figure.
    measured : path, optional
        CSV of the trials of another part that the figure sets beside its own.
    reference : path
        Folder of the published tables.
    """
    loaded = load_experiment(experiment)
    if figure not in loaded.figures:
        raise UserError(f"{experiment}: has no figure {figure}; has {', '.join(loaded.figures)}")
    entry, description = DATASETS.get(loaded.dataset), loaded.description()
    published = description.published if table else None
    material = Material(
        trials=read_trials(table, column=description.result) if table else None,
        measured=read_trials(measured) if measured else None,
        published=published and published(reference, loaded.name, loaded.dataset),
        dataset=load_prepared(dataset) if dataset else None,
        image_shape=entry and entry.image_shape,
        grid_shape=entry and entry.grid_shape,
        class_names=entry and entry.class_names,
    )
    about = origin(Path(), f"{loaded.part}/{loaded.name}/{figure}", table)
    title, where = loaded.settings["title"], f"{experiment}: figures.{figure}"
    draw(loaded.kinds(), loaded.figures[figure], pdf, material, title, about, where)


if "snakemake" in globals():
    run_job(
        snakemake,
        figure,
        experiment=configuration_of(snakemake.wildcards),
        figure=snakemake.wildcards.figure,
        pdf=snakemake.output.pdf,
        dataset=snakemake.input.get("dataset") or None,
        table=snakemake.input.get("table") or None,
        measured=snakemake.input.get("measured") or None,
    )
else:
    run_shell(figure)
