# What rules ask of their wildcards: inputs, parameters, resources.

from math import ceil


def downloaded(wildcards):
    raw_set = DATASETS[wildcards.dataset].downloads
    # Its content is checked, so its age is of no account.
    return ancient(f"data/downloads/{raw_set}.json") if raw_set else []


def figure_specification(wildcards):
    experiment = EXPERIMENTS[wildcards.experiment]
    if wildcards.figure not in experiment.figures:
        raise UserError(
            f"{experiment.name} has no figure {wildcards.figure}; "
            f"it has {', '.join(experiment.figures)}"
        )
    options = experiment.figures[wildcards.figure]
    return {k: v for k, v in options.items() if k not in ("figure", "caption", "claims")}


def figure_texts(wildcards):
    return escaped(EXPERIMENTS[wildcards.experiment].figures[wildcards.figure]["caption"])


def figure_needs_dataset(wildcards):
    return EXPERIMENTS[wildcards.experiment].kind(wildcards.figure).of_dataset


def figure_needs_table(wildcards):
    return EXPERIMENTS[wildcards.experiment].kind(wildcards.figure).of_trials


def chunk_memory(wildcards, attempt):
    """MB of the job of a chunk: on a cluster, two processes of Snakemake lie beside the script."""
    trials = CHUNKS[wildcards.experiment][wildcards.chunk].trials
    predicted = EXPERIMENTS[wildcards.experiment].memory(trials)
    return attempt * (1500 + int(1.3 * predicted / 1e6))


def chunk_minutes(wildcards, attempt):
    """Limit of its time on a cluster: starts from a slow disk, on a processor five times slower."""
    predicted = CHUNKS[wildcards.experiment][wildcards.chunk].cost.seconds
    return attempt * (15 + ceil(5 * predicted / 60))
