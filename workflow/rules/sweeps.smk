# Trials: a rule for each study, whose jobs run chunks of them, and the tables that these are joined to.


wildcard_constraints:
    part="|".join(PARTS),
    experiment="|".join(EXPERIMENTS),
    figure="[a-z_0-9]+",


KERNELS = "results/kernels.txt"


# No code among its parameters: see the rule download. Jobs compile kernels that have changed.
rule kernels:
    output:
        KERNELS,
    log:
        "logs/kernels.log",
    script:
        "../../scripts/kernels.py"


# interpolation_sweep, lipschitz_sampling, ...
for study in PARTS.values():

    rule:
        name:
            study.trials_rule
        input:
            dataset=prepared,
            # Trials that run no kernels need not wait for them. Those that do hold their own code;
            # kernels that are compiled anew are no reason to run them again.
            kernels=ancient(KERNELS) if study.runs_kernels else [],
        output:
            table="results/{part}/chunks/{experiment}/{chunk}.csv",
        log:
            "logs/{part}/{experiment}/{chunk}.log",
        benchmark:
            "results/benchmarks/{part}/{experiment}/{chunk}.tsv"
        wildcard_constraints:
            part=study.part,
            chunk="[0-9]{3}-[0-9a-f]{10}",
        threads: 1
        resources:
            mem_mb=chunk_memory,
            runtime=chunk_minutes,
        params:
            code=lambda w: code_of_trials(w.part),
            dataset=lambda w: dataset_hash(w.experiment),
        script:
            "../../scripts/trials.py"


if FROM_ARCHIVE:

    rule archived_table:
        input:
            packed="data/replication/{part}/{experiment}.parquet",
            about="data/replication/{part}/{experiment}.json",
        output:
            table="results/{part}/{experiment}.csv",
            record="results/{part}/{experiment}.json",
        log:
            "logs/{part}/{experiment}/table.log",
        params:
            code=code("scripts/archived_table.py"),
            trials=lambda w: tables_hash([w.experiment]),
            record=lambda w: record_hash(w.experiment),
        script:
            "../../scripts/archived_table.py"

else:

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
            code=code("scripts/table.py"),
            trials=lambda w: tables_hash([w.experiment]),
            record=lambda w: record_hash(w.experiment),
        script:
            "../../scripts/table.py"


# Published single trials, run again.
rule replay:
    input:
        dataset=prepared,
        published="data/reference/trials/{experiment}.parquet",
        kernels=ancient(KERNELS),
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
        code=code("scripts/replay.py"),
        dataset=lambda w: dataset_hash(w.experiment),
    script:
        "../../scripts/replay.py"
