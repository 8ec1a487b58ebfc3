# Published single trials of part one, run again.


rule replay:
    input:
        dataset=prepared,
        published="data/reference/trials/{experiment}.parquet",
        kernels="results/kernels.txt",
    output:
        table="results/{part}/replay/{experiment}.csv",
    log:
        "logs/{part}/{experiment}/replay.log",
    benchmark:
        "results/benchmarks/{part}/{experiment}/replay.tsv"
    resources:
        mem_mb=2000,
    params:
        n_trials=lambda w: replay_count(w.experiment),
        source=source_hash("scripts/replay.py", *REPLAY_SOURCES),
    script:
        "../../scripts/replay.py"
