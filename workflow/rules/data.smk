# Data sets: a raw set downloaded once, the data sets that are built from it.


# No code among its parameters: what is downloaded is known by its hash. And where a job whose output
# others take as ancient has to run again, Snakemake asks none of the jobs after it whether they have.
rule download:
    output:
        record="data/downloads/{raw_set}.json",
    log:
        "logs/data/download_{raw_set}.log",
    wildcard_constraints:
        raw_set="|".join(RAW_SETS),
    resources:
        mem_mb=2500,
    script:
        "../../scripts/download.py"


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
