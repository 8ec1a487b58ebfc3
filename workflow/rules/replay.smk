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
        script=code("scripts/replay.py"),
        source=code("memrob.fidelity.rerun"),
        dataset=lambda w: dataset_hash(w.experiment),
    script:
        "../../scripts/replay.py"
