"""Steps that run trials and gather their tables, for experiments of every part."""

from pathlib import Path

from memrob.errors import UserError
from memrob.fidelity import rerun
from memrob.studies.interpolation.published import published_trials
from memrob.studies.provenance import provenance
from memrob.studies.registry import load_experiment
from memrob.studies.run import run_chunk
from memrob.studies.tables import gather, seal


def chunk(
    experiment: Path,
    scale: str,
    chunk_seconds: float,
    chunk: str,
    table: Path,
    dataset: Path | None = None,
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
    table : path
        CSV to write; its checksum lies beside it.
    dataset : path, optional
        NPZ of the data set, for experiments that have one.
    threads : int
        Threads of the matrix products.
    """
    loaded = load_experiment(experiment)
    chunks = loaded.chunks(scale, chunk_seconds)
    if chunk not in chunks:
        raise UserError(f"chunk {chunk}: is not one of {experiment} at scale {scale}")
    run_chunk(
        loaded.runner(),
        list(chunks[chunk].trials),
        Path(table),
        dataset,
        threads,
        checkpoints=loaded.keeps_checkpoints,
    )
    seal(table)


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
    loaded = load_experiment(experiment)
    description = {
        "part": loaded.part,
        "experiment": experiment.stem,
        "scale": scale,
        "seed": loaded.seed_texts(scale),
        "configuration": {k: v for k, v in loaded.settings.items() if k != "figures"},
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
        Published trials, `trials/NAME.parquet` in the folder of published tables.
    dataset : path
        NPZ of the data set.
    table : path
        CSV to write.
    """
    rows = published_trials(published.parents[1], experiment, count)
    rerun.replay(rows, dataset, table)
