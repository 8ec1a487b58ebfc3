# Trials in chunks, and their tables, for experiments of every part.

from math import ceil


wildcard_constraints:
    part="|".join(PARTS),
    experiment="|".join(EXPERIMENTS),
    figure="[a-z_0-9]+",


def chunk_job_memory(wildcards, attempt):
    """MB of the job of a chunk: on a cluster, two processes of Snakemake lie beside the script."""
    return attempt * (1000 + chunk_memory(wildcards))


def chunk_minutes(wildcards, attempt):
    """Limit of its time on a cluster: starts from a slow disk, on a processor five times slower."""
    predicted = CHUNKS[wildcards.experiment][wildcards.chunk].seconds
    return attempt * (15 + ceil(5 * predicted / 60))


rule kernels:
    output:
        "results/kernels.txt",
    log:
        "logs/kernels.log",
    params:
        script=code("scripts/kernels.py"),
        source=code("memrob.interpolation.construction"),
    script:
        "../../scripts/kernels.py"


rule chunk:
    input:
        dataset=prepared,
        kernels=kernels_of,
    output:
        table="results/{part}/chunks/{experiment}/{chunk}.csv",
    log:
        "logs/{part}/{experiment}/{chunk}.log",
    benchmark:
        "results/benchmarks/{part}/{experiment}/{chunk}.tsv"
    wildcard_constraints:
        chunk="[0-9]{3}-[0-9a-f]{10}",
    threads: 1
    resources:
        mem_mb=chunk_job_memory,
        runtime=chunk_minutes,
    params:
        script=code("scripts/chunk.py"),
        source=lambda w: code_of_trials(w.part),
        dataset=lambda w: dataset_hash(w.experiment),
    script:
        "../../scripts/chunk.py"


rule table:
    input:
        chunks=lambda w: chunks_of([w.experiment]),
    output:
        table="results/{part}/{experiment}.csv",
        record="results/{part}/{experiment}.json",
    log:
        "logs/{part}/{experiment}/table.log",
    params:
        benchmarks=lambda w: expand(
            "results/benchmarks/{part}/{experiment}/{chunk}.tsv",
            part=w.part,
            experiment=w.experiment,
            chunk=CHUNKS[w.experiment],
        ),
        script=code("scripts/table.py"),
        source=code("memrob.studies.tables", "memrob.studies.provenance"),
        trials=lambda w: tables_hash([w.experiment]),
        record=lambda w: record_hash(w.experiment),
    script:
        "../../scripts/table.py"


rule figure:
    input:
        dataset=branch(figure_needs_dataset, then=prepared, otherwise=[]),
        table=branch(figure_needs_table, then="results/{part}/{experiment}.csv", otherwise=[]),
        measured=lambda w: tables_of(measured_experiment(w)),
        published=lambda w: PUBLISHED if has_published(w.experiment) else [],
    output:
        pdf="figures/{part}/{experiment}/{figure}.pdf",
        png=report(
            "figures/{part}/{experiment}/{figure}.png",
            category="{part}",
            subcategory="{experiment}",
            labels={"figure": "{figure}"},
            caption="../report/figure.rst",
        ),
    log:
        "logs/{part}/{experiment}/{figure}.figure.log",
    resources:
        mem_mb=2500,
    params:
        specification=figure_specification,
        title=lambda w: EXPERIMENTS[w.experiment].settings["title"],
        texts=figure_texts,
        script=code("scripts/figure.py"),
        source=lambda w: code_of_figures(w.part),
        drawn_from=drawn_hash,
    script:
        "../../scripts/figure.py"
