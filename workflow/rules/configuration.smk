# Configuration, experiments of this run, and what is asked for.

import os
import sys
from pathlib import Path

from memrob.data.catalogue import DATASETS
from memrob.errors import UserError
from memrob.studies import archive
from memrob.studies.registry import PARTS, load_experiments
from memrob.workflow import engine, prediction, runs
from memrob.workflow.captions import escaped
from memrob.workflow.configuration import SCALE_VARIABLE, load_configuration
from memrob.workflow.place import check_place
from memrob.workflow.supply import Supply

try:
    check_place(Path(workflow.basedir))
    config.update(load_configuration(Path("config/config.yaml"), config, sys.argv[1:]))
    CONFIGURED = load_experiments(Path("config/experiments"), config["experiments"])
    # Jobs run in processes of their own, which need not import what all figures are drawn with.
    if workflow.is_main_process:
        for experiment in CONFIGURED.values():
            experiment.check_figures()
except UserError as error:
    runs.refuse(error)

SCALE = config["scale"]
# Jobs run in processes of their own, which read this file again without the target's name.
os.environ[SCALE_VARIABLE] = SCALE
REFERENCE = Path("data/reference")
PUBLISHED = sorted(map(str, REFERENCE.glob("*.csv")))
# At the scale archive tables come from trials that are kept with the project.
FROM_ARCHIVE = archive.is_archive(SCALE)


def takes_part(experiment):
    if FROM_ARCHIVE:
        return archive.archive_path(experiment.part, experiment.name).exists()
    return experiment.takes_part(SCALE)


EXPERIMENTS = {
    name: experiment for name, experiment in CONFIGURED.items() if takes_part(experiment)
}
if not EXPERIMENTS:
    listed = ", ".join(CONFIGURED) if config["experiments"] != "all" else "all of them"
    runs.refuse(UserError(f"experiments: {listed}: none has anything at the scale {SCALE}"))
WITH_TABLE = [
    name
    for name, experiment in EXPERIMENTS.items()
    if experiment.has_trials(archive.computed_scale(SCALE))
]
CHUNKS = {
    name: {} if FROM_ARCHIVE else EXPERIMENTS[name].chunks(SCALE, config["chunk_seconds"])
    for name in WITH_TABLE
}
RAW_SETS = sorted({e.download for e in EXPERIMENTS.values() if e.download})
SUPPLY = Supply(config["data"]["mirror"])


def figures_of(experiments):
    return [
        EXPERIMENTS[name].target(figure)
        for name in experiments
        for figure in EXPERIMENTS[name].figures
    ]


def tables_of(experiments):
    return [
        f"results/{EXPERIMENTS[name].part}/{name}.csv" for name in experiments if name in WITH_TABLE
    ]


def chunks_of(experiments):
    return [
        f"results/{EXPERIMENTS[name].part}/chunks/{name}/{chunk}.csv"
        for name in experiments
        for chunk in CHUNKS.get(name, ())
    ]


def datasets_of(experiments):
    datasets = {EXPERIMENTS[name].dataset for name in experiments} - {None}
    return [f"data/prepared/{dataset}.npz" for dataset in sorted(datasets)]


def everything_of(experiments):
    """All that is made of experiments, so that whatever of it is gone is made again."""
    tables, figures = tables_of(experiments), figures_of(experiments)
    kernels = any(EXPERIMENTS[name].runs_kernels for name in experiments if CHUNKS.get(name))
    return [
        *datasets_of(experiments),
        *(["results/kernels.txt"] if kernels else []),
        *chunks_of(experiments),
        *tables,
        *[f"{table.removesuffix('.csv')}.json" for table in tables],
        *replays_of(experiments),
        *figures,
        *pictures_of(figures),
    ]


def pictures_of(figures):
    return [f"{figure.removesuffix('.pdf')}.png" for figure in figures if figure.endswith(".pdf")]


def made_of_images(experiments):
    """Data sets, and figures that show a data set itself."""
    figures = [
        EXPERIMENTS[name].target(figure)
        for name in experiments
        for figure in EXPERIMENTS[name].figures
        if EXPERIMENTS[name].kind(figure).of_dataset
    ]
    return {*datasets_of(experiments), *figures, *pictures_of(figures)}


def compared_tables_of(experiments):
    """Tables of the parts that have published tables to compare with."""
    return tables_of([name for name in experiments if has_published(name)])


def has_published(experiment):
    return EXPERIMENTS[experiment].description().published is not None


def replays_of(experiments):
    return [
        f"results/{EXPERIMENTS[name].part}/replay/{name}.csv"
        for name in experiments
        if replay_count(name) and (REFERENCE / "trials" / f"{name}.parquet").exists()
    ]


def replay_count(name):
    return EXPERIMENTS[name].settings.get("replay", {}).get(SCALE, 0)


def experiments_on(raw_set):
    return [name for name, e in EXPERIMENTS.items() if e.download == raw_set]


def for_all_at_hand(paths_of, raw_sets=RAW_SETS):
    """Input function for the paths of all experiments, less what no source delivers the data for."""

    def paths(wildcards):
        missing = missing_sets(raw_sets)
        lacking = [name for raw_set in missing for name in experiments_on(raw_set)]
        # Trials that are kept need no data set.
        names = [name for name in EXPERIMENTS if FROM_ARCHIVE or name not in lacking]
        cannot_be_made = made_of_images(lacking)
        return [path for path in paths_of(names) if path not in cannot_be_made]

    return paths


def everything_at_hand(own):
    """Input function for all that is made of some experiments, which looks for their data only."""
    raw_sets = sorted({EXPERIMENTS[name].download for name in own} - {None})
    return for_all_at_hand(lambda names: everything_of([n for n in names if n in own]), raw_sets)


def everything_of_part(part):
    return everything_at_hand([name for name, e in EXPERIMENTS.items() if e.part == part])


def missing_sets(raw_sets=RAW_SETS):
    """Raw sets that no source delivers and that are not prepared, with the reason."""
    unprepared = [
        raw_set
        for raw_set in raw_sets
        if not all(Path(path).exists() for path in datasets_of(experiments_on(raw_set)))
    ]
    try:
        return SUPPLY.missing(unprepared)
    except UserError as error:
        runs.refuse(error)


def prepared(wildcards):
    dataset = EXPERIMENTS[wildcards.experiment].dataset
    return f"data/prepared/{dataset}.npz" if dataset else []


def measured_experiment(wildcards):
    """Experiment of another part that a figure sets beside its own, if it is in this run."""
    figure = EXPERIMENTS[wildcards.experiment].figures.get(wildcards.figure, {})
    beside = figure.get("measured")
    return [beside] if beside in WITH_TABLE else []
