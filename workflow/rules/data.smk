rule dataset:
    output:
        dataset="data/prepared/{dataset}.npz",
    log:
        "logs/data/{dataset}.log",
    benchmark:
        "results/benchmarks/data/{dataset}.tsv"
    wildcard_constraints:
        dataset="|".join(DATASETS),
    resources:
        mem_mb=2500,
    params:
        script=code("scripts/dataset.py"),
        source=code("memrob.data.catalogue"),
    script:
        "../../scripts/dataset.py"
