checkpoint availability:
    output:
        verdict="data/prepared/{raw_set}.json",
    log:
        "logs/data/{raw_set}.availability.log",
    wildcard_constraints:
        raw_set="mnist|cifar10",
    # Nodes of a cluster often have no network.
    localrule: True
    script:
        "../../scripts/availability.py"


rule dataset:
    input:
        lambda w: (
            ancient(f"data/prepared/{DATASETS[w.dataset].downloads}.json")
            if DATASETS[w.dataset].downloads
            else []
        ),
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
        source=source_hash("memrob.data.catalogue"),
    script:
        "../../scripts/dataset.py"
