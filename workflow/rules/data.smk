# Data sets: a raw set downloaded once, the data sets that are built from it.


rule download:
    output:
        record="data/downloads/{raw_set}.json",
    log:
        "logs/data/download_{raw_set}.log",
    wildcard_constraints:
        raw_set="|".join(RAW_SETS),
    resources:
        mem_mb=2500,
    params:
        code=code("scripts/download.py"),
    script:
        "../../scripts/download.py"


def downloaded(wildcards):
    raw_set = DATASETS[wildcards.dataset].downloads
    # Its content is checked, so its age is of no account.
    return ancient(f"data/downloads/{raw_set}.json") if raw_set else []


rule dataset:
    input:
        downloaded,
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
        code=code("scripts/dataset.py"),
    script:
        "../../scripts/dataset.py"
