# Configuration, experiments of this run, and what is asked for.

import os
import sys
from pathlib import Path

from memrob.data.catalogue import DATASETS
from memrob.errors import UserError
from memrob.experiments.chunks import split
from memrob.experiments.experiment import load_experiments
from memrob.workflow import closing
from memrob.workflow.configuration import SCALE_VARIABLE, load_configuration
from memrob.workflow.sources import source_hash

try:
    config.update(load_configuration(Path("config/config.yaml"), config, sys.argv[1:]))
    CONFIGURED = load_experiments(Path("config/experiments/interpolation"), config["experiments"])
except UserError as error:
    print(f"memrob: error: {error}", file=sys.stderr)
    sys.exit(2)

SCALE = config["scale"]
# Jobs run in processes of their own, which read this file again without the target's name.
os.environ[SCALE_VARIABLE] = SCALE
REFERENCE = Path("data/reference")
EXPERIMENTS = {
    name: experiment for name, experiment in CONFIGURED.items() if experiment.takes_part(SCALE)
}
CHUNKS = {
    name: {chunk.name: chunk for chunk in split(experiment.trials(SCALE), config["chunk_seconds"])}
    for name, experiment in EXPERIMENTS.items()
    if experiment.has_trials(SCALE)
}
RAW_SETS = sorted({e.download for e in EXPERIMENTS.values() if e.download})


def figures_of(experiments):
    return [
        f"figures/interpolation/{name}/{figure}.pdf"
        for name in experiments
        for figure in EXPERIMENTS[name].figures
    ]


def tables_of(experiments):
    return [f"results/interpolation/{name}.csv" for name in experiments if name in CHUNKS]


def replays_of(experiments):
    return [
        f"results/interpolation/replay/{name}.csv"
        for name in experiments
        if replay_count(name) and (REFERENCE / "trials" / f"{name}.csv").exists()
    ]


def replay_count(name):
    return EXPERIMENTS[name].settings.get("replay", {}).get(SCALE, 0)


def experiments_on(raw_set):
    return [name for name, e in EXPERIMENTS.items() if e.download == raw_set]


def at_hand(raw_set):
    """Experiments on a raw set: none if no source delivers it. Waits until that is known."""
    path = checkpoints.availability.get(raw_set=raw_set).output.verdict
    return experiments_on(raw_set) if closing.read_verdict(path)["available"] else []


def for_all_at_hand(paths_of):
    """Input functions for the paths of all experiments whose data can be had."""
    return [lambda wildcards: paths_of(experiments_on(None))] + [
        lambda wildcards, raw_set=raw_set: paths_of(at_hand(raw_set)) for raw_set in RAW_SETS
    ]


def missing_sets():
    """Raw sets that no source delivered in this run, with the reason."""
    verdicts = {r: closing.read_verdict(f"data/prepared/{r}.json") for r in RAW_SETS}
    return {r: v["reason"] for r, v in verdicts.items() if not v["available"]}
