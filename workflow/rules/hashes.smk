# What decides a file: hashes that stand among the parameters of its rule.
#
# Snakemake does not look behind a file that is there: where a chunk is gone since its job failed, its
# table counts as up to date. So what decides a file stands among the parameters of its own rule and
# of all that follow.

from functools import cache

from memrob.studies.columns import columns_of
from memrob.workflow import sources

# A hash is asked for by every job.
code = cache(sources.source_hash)
code_of_figures = cache(sources.figure_hash)
code_of_trials = cache(sources.trials_hash)
code_of_gallery = cache(sources.gallery_hash)


def dataset_hash(experiment):
    return code("memrob.data.catalogue") if EXPERIMENTS[experiment].dataset else None


def tables_hash(experiments):
    """Hash of the code and the configuration that decide the tables of experiments."""
    return sources.content_hash(
        {
            name: archive.archive_hash(EXPERIMENTS[name]) if FROM_ARCHIVE else trials_hash(name)
            for name in experiments
            if name in WITH_TABLE
        }
    )


def trials_hash(experiment):
    code = code_of_trials(EXPERIMENTS[experiment].part)
    return [code, dataset_hash(experiment), *CHUNKS[experiment]]


def record_hash(experiment):
    """Hash of what the record of a table repeats of the configuration."""
    settings = {k: v for k, v in EXPERIMENTS[experiment].settings.items() if k != "figures"}
    columns = columns_of(EXPERIMENTS[experiment].part)
    seeds = EXPERIMENTS[experiment].seed_texts(archive.computed_scale(SCALE))
    return sources.content_hash([settings, seeds, SCALE, columns])


def drawn_hash(wildcards):
    """Hash of what decides the data set and the tables that a figure is drawn from."""
    data = dataset_hash(wildcards.experiment) if figure_needs_dataset(wildcards) else None
    own = [wildcards.experiment] if figure_needs_table(wildcards) else []
    return [data, tables_hash([*own, *measured_experiment(wildcards)])]


def compared_hash():
    """Hash of what decides all that is compared with published results."""
    replays = {name: replay_count(name) for name in EXPERIMENTS if replay_count(name)}
    replayed = code("scripts/replay.py", "memrob.data.catalogue")
    return sources.content_hash([tables_hash(EXPERIMENTS), replays, replayed])
