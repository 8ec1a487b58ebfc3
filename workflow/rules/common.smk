# Configuration, experiments of this run, and what is asked for.

import atexit
import os
import sys
from pathlib import Path

from memrob.data.catalogue import DATASETS
from memrob.errors import UserError
from memrob.studies.registry import PARTS, load_experiments
from memrob.workflow import closing, prediction
from memrob.workflow.configuration import SCALE_VARIABLE, load_configuration
from memrob.workflow.place import check_place, tell_unknown_commit
from memrob.workflow.sources import figure_hash, gallery_hash, source_hash, trials_hash

try:
    check_place(Path(workflow.basedir))
    config.update(load_configuration(Path("config/config.yaml"), config, sys.argv[1:]))
    CONFIGURED = load_experiments(Path("config/experiments"), config["experiments"])
    # Jobs run in processes of their own, which need not import what all figures are drawn with.
    if workflow.is_main_process:
        for experiment in CONFIGURED.values():
            experiment.check_figures()
except UserError as error:
    print(f"memrob: error: {error}", file=sys.stderr)
    sys.exit(2)

if workflow.is_main_process:
    tell_unknown_commit(Path())

SCALE = config["scale"]
# Jobs run in processes of their own, which read this file again without the target's name.
os.environ[SCALE_VARIABLE] = SCALE
REFERENCE = Path("data/reference")
EXPERIMENTS = {
    name: experiment for name, experiment in CONFIGURED.items() if experiment.takes_part(SCALE)
}
CHUNKS = {
    name: experiment.chunks(SCALE, config["chunk_seconds"])
    for name, experiment in EXPERIMENTS.items()
    if experiment.has_trials(SCALE)
}
RAW_SETS = sorted({e.download for e in EXPERIMENTS.values() if e.download})


def figures_of(experiments):
    return [
        f"figures/{EXPERIMENTS[name].part}/{name}/{figure}.pdf"
        for name in experiments
        for figure in EXPERIMENTS[name].figures
    ]


def tables_of(experiments):
    return [
        f"results/{EXPERIMENTS[name].part}/{name}.csv" for name in experiments if name in CHUNKS
    ]


def compared_tables_of(experiments):
    """Tables of the parts that have published tables to compare with."""
    return tables_of([n for n in experiments if EXPERIMENTS[n].description().published])


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


def at_hand(raw_set):
    """Experiments on a raw set: none if no source delivers it. Waits until that is known."""
    path = checkpoints.availability.get(raw_set=raw_set).output.verdict
    return experiments_on(raw_set) if closing.read_verdict(path)["available"] else []


def for_all_at_hand(paths_of, raw_sets=None):
    """Input functions for the paths of all experiments whose data can be had."""
    return [lambda wildcards: paths_of(experiments_on(None))] + [
        lambda wildcards, raw_set=raw_set: paths_of(at_hand(raw_set))
        for raw_set in (RAW_SETS if raw_sets is None else raw_sets)
    ]


def figures_of_part(part):
    """Input functions for the figures of a part, which look for its own data only."""
    own = {name for name, experiment in EXPERIMENTS.items() if experiment.part == part}
    raw_sets = sorted({EXPERIMENTS[name].download for name in own} - {None})
    return for_all_at_hand(lambda names: figures_of([n for n in names if n in own]), raw_sets)


def missing_sets():
    """Raw sets that no source delivered in this run, with the reason."""
    verdicts = {r: closing.read_verdict(f"data/prepared/{r}.json") for r in RAW_SETS}
    return {r: v["reason"] for r, v in verdicts.items() if not v["available"]}


def kernels_of(wildcards):
    """Compiled kernels, for the parts whose trials run them: the others need not wait for them."""
    return ["results/kernels.txt"] if PARTS[wildcards.part].runs_kernels else []


def prepared(wildcards):
    dataset = EXPERIMENTS[wildcards.experiment].dataset
    return f"data/prepared/{dataset}.npz" if dataset else []


def chunk_memory(wildcards):
    trials = CHUNKS[wildcards.experiment][wildcards.chunk].trials
    return 500 + int(1.3 * EXPERIMENTS[wildcards.experiment].memory(trials) / 1e6)


def figure_specification(wildcards):
    experiment = EXPERIMENTS[wildcards.experiment]
    if wildcards.figure not in experiment.figures:
        raise UserError(
            f"{experiment.name} has no figure {wildcards.figure}; "
            f"it has {', '.join(experiment.figures)}"
        )
    options = experiment.figures[wildcards.figure]
    return {k: v for k, v in options.items() if k not in ("caption", "claims")}


def figure_texts(wildcards):
    return EXPERIMENTS[wildcards.experiment].figures[wildcards.figure]["caption"]


def figure_needs_dataset(wildcards):
    return EXPERIMENTS[wildcards.experiment].kind(wildcards.figure).of_dataset


def figure_needs_table(wildcards):
    return EXPERIMENTS[wildcards.experiment].kind(wildcards.figure).of_trials


def measured_table(wildcards):
    """Trials of another part that a figure sets beside its own, if they are in this run."""
    figure = EXPERIMENTS[wildcards.experiment].figures.get(wildcards.figure, {})
    beside = figure.get("measured")
    return tables_of([beside])[0] if beside in CHUNKS else []


def cost_of(rule, wildcards):
    """A job's rule, and the predicted seconds of its trials."""
    if rule != "chunk":
        return rule, 0.0
    return rule, CHUNKS[wildcards["experiment"]][wildcards["chunk"]].seconds


def predict():
    """Print the predicted CPU time of the jobs that are to run."""
    jobs = [
        (job.rule.name, job.wildcards_dict)
        for job in workflow.dag.needrun_jobs(exclude_finished=False)
    ]
    planned = {w["experiment"] for rule, w in jobs if rule == "chunk"}
    looked_for = {w["raw_set"] for rule, w in jobs if rule == "availability"}
    waiting = []
    for name, experiment in EXPERIMENTS.items():
        if experiment.download in looked_for and name not in planned:
            chunks = CHUNKS.get(name, {}).values()
            waiting += [("chunk", chunk.seconds) for chunk in chunks]
            waiting += [("table", 0.0)] + [("figure", 0.0)] * len(experiment.figures)
    print(prediction.predicted_line([cost_of(*job) for job in jobs], waiting), file=sys.stderr)


def state():
    """How many jobs are done, how many there are, and their predicted CPU seconds."""
    jobs = list(workflow.dag.needrun_jobs(exclude_finished=False))
    costs = [cost_of(job.rule.name, job.wildcards_dict) for job in jobs]
    done = [cost for job, cost in zip(jobs, costs) if workflow.dag.finished(job)]
    return len(done), len(jobs), *map(prediction.predicted_seconds, (done, costs))


def predict_dry_run():
    if workflow.dryrun:
        predict()


# Snakemake's hooks are for real runs only.
atexit.register(predict_dry_run)
