"""Steps of part one, each a function of paths and names."""

from pathlib import Path

import pandas as pd

from memrob.data.catalogue import DATASETS
from memrob.data.npz import load_npz
from memrob.errors import UserError
from memrob.experiments.experiment import load_experiment
from memrob.experiments.provenance import provenance
from memrob.experiments.run import gather, read_trials, run_chunk
from memrob.fidelity import replay as replays
from memrob.fidelity.published import published_cells, published_trials


def chunk(
    experiment: Path,
    scale: str,
    chunk_seconds: float,
    chunk: str,
    dataset: Path,
    table: Path,
    threads: int = 1,
) -> None:
    """Run the trials of a chunk.

    Parameters
    ----------
    experiment : path
        Configuration of the experiment.
    scale : str
        Scale of the run.
    chunk_seconds : float
        Predicted time of a chunk, which decides how trials are split.
    chunk : str
        Name of the chunk.
    dataset : path
        NPZ of the data set.
    table : path
        CSV to write.
    threads : int
        Threads of the matrix products.
    """
    chunks = load_experiment(experiment).chunks(scale, chunk_seconds)
    if chunk not in chunks:
        raise UserError(f"chunk {chunk}: is none of {experiment} at scale {scale}")
    run_chunk(list(chunks[chunk].trials), dataset, table, threads)


def table(
    experiment: Path,
    scale: str,
    chunks: list[Path],
    benchmarks: list[Path],
    table: Path,
    record: Path,
) -> None:
    """Gather the tables of chunks into the table of an experiment, with a record beside.

    Parameters
    ----------
    experiment : path
        Configuration of the experiment.
    scale : str
        Scale of the run.
    chunks, benchmarks : list of path
        CSV tables, in the order of the trials, and Snakemake's benchmark files.
    table, record : path
        CSV and JSON to write.
    """
    settings = load_experiment(experiment).settings
    reference = settings["order"] == "reference"
    description = {
        "part": "interpolation",
        "experiment": experiment.stem,
        "scale": scale,
        "seed": "row of the published table"
        if reference
        else "blake2b of experiment, cell and restart",
        "configuration": {k: v for k, v in settings.items() if k != "figures"},
        **provenance(Path()),
    }
    gather(chunks, benchmarks, table, record, description)


def replay(experiment: str, count: int, published: Path, dataset: Path, table: Path) -> None:
    """Run published single trials again.

    Parameters
    ----------
    experiment : str
        Name.
    count : int
        How many of the published trials, evenly spread.
    published : path
        CSV of the published trials, `trials/NAME.csv` in the folder of published tables.
    dataset : path
        NPZ of the data set.
    table : path
        CSV to write.
    """
    rows = published_trials(published.parents[1], experiment, count)
    replays.replay(rows, experiment, dataset, table)


def figure(
    experiment: Path,
    figure: str,
    pdf: Path,
    dataset: Path | None = None,
    table: Path | None = None,
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
    reference : path
        Folder of the published tables.
    """
    from memrob.figures import draw

    loaded = load_experiment(experiment)
    if figure not in loaded.figures:
        raise UserError(f"{experiment}: has no figure {figure}; has {', '.join(loaded.figures)}")
    trials: pd.DataFrame | None = read_trials(table) if table else None
    entry = DATASETS[loaded.dataset]
    draw(
        loaded.figures[figure],
        pdf,
        title=loaded.settings["title"],
        trials=trials,
        published=published_cells(reference, loaded.name, loaded.dataset) if table else None,
        dataset=load_npz(dataset) if dataset else None,
        image_shape=entry.image_shape,
        class_names=entry.class_names,
    )
