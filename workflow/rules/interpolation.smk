# Part one: trials in chunks, their tables, the replay of published trials, the figures.


wildcard_constraints:
    experiment="|".join(EXPERIMENTS),
    figure="[a-z_]+",


rule kernels:
    output:
        "results/kernels.txt",
    log:
        "logs/kernels.log",
    params:
        source=source_hash("memrob.interpolation.construction"),
    script:
        "../../scripts/kernels.py"


rule chunk:
    input:
        dataset=prepared,
        kernels="results/kernels.txt",
    output:
        table="results/interpolation/chunks/{experiment}/{chunk}.csv",
    log:
        "logs/interpolation/{experiment}/{chunk}.log",
    benchmark:
        "results/benchmarks/interpolation/{experiment}/{chunk}.tsv"
    wildcard_constraints:
        chunk="[0-9]{3}-[0-9a-f]{10}",
    threads: 1
    resources:
        mem_mb=chunk_memory,
    params:
        source=source_hash("memrob.experiments.run"),
    script:
        "../../scripts/chunk.py"


rule table:
    input:
        chunks=lambda w: expand(
            "results/interpolation/chunks/{experiment}/{chunk}.csv",
            experiment=w.experiment,
            chunk=CHUNKS[w.experiment],
        ),
    output:
        table="results/interpolation/{experiment}.csv",
        record="results/interpolation/{experiment}.json",
    log:
        "logs/interpolation/{experiment}/table.log",
    params:
        benchmarks=lambda w: expand(
            "results/benchmarks/interpolation/{experiment}/{chunk}.tsv",
            experiment=w.experiment,
            chunk=CHUNKS[w.experiment],
        ),
        source=source_hash("memrob.experiments.run"),
    script:
        "../../scripts/table.py"


rule replay:
    input:
        dataset=prepared,
        published="data/reference/trials/{experiment}.csv",
        kernels="results/kernels.txt",
    output:
        table="results/interpolation/replay/{experiment}.csv",
    log:
        "logs/interpolation/{experiment}/replay.log",
    benchmark:
        "results/benchmarks/interpolation/{experiment}/replay.tsv"
    resources:
        mem_mb=2000,
    params:
        n_trials=lambda w: replay_count(w.experiment),
        source=source_hash("memrob.fidelity.replay"),
    script:
        "../../scripts/replay.py"


rule figure:
    input:
        dataset=branch(figure_needs_dataset, then=prepared, otherwise=[]),
        table=branch(
            figure_needs_dataset, then=[], otherwise="results/interpolation/{experiment}.csv"
        ),
    output:
        pdf="figures/interpolation/{experiment}/{figure}.pdf",
        png=report(
            "figures/interpolation/{experiment}/{figure}.png",
            category="interpolation",
            subcategory="{experiment}",
            labels={"figure": "{figure}"},
            caption="../report/figure.rst",
        ),
    log:
        "logs/interpolation/{experiment}/{figure}.figure.log",
    resources:
        mem_mb=1500,
    params:
        specification=figure_specification,
        title=lambda w: EXPERIMENTS[w.experiment].settings["title"],
        texts=figure_texts,
        source=source_hash("memrob.figures.draw", "memrob.interpolation.construction"),
    script:
        "../../scripts/figure.py"
