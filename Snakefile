# The replication, part by part. `snakemake --cores 8` makes every figure; a figure, a table or one
# of these targets can be asked for by name: all, interpolation (the part), moons, mnist, ... (an
# experiment), smoke, paper and archive (everything at that scale).

import atexit

from snakemake.utils import min_version

from memrob.workflow import closing, engine, progress, runs

min_version("9.0")


include: "workflow/rules/configuration.smk"
include: "workflow/rules/inputs.smk"
include: "workflow/rules/hashes.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/sweeps.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/run.smk"


rule all:
    default_target: True
    input:
        for_all_at_hand(everything_of),
        REPORT,


rule smoke:
    input:
        rules.all.input,


rule paper:
    input:
        rules.all.input,


rule archive:
    input:
        rules.all.input,


for part in PARTS:

    rule:
        name:
            part
        input:
            everything_of_part(part),


for name in EXPERIMENTS:
    if workflow.is_rule(name):
        runs.refuse_name(name, EXPERIMENTS[name].source)

    rule:
        name:
            name
        input:
            everything_at_hand([name]) if FROM_ARCHIVE else everything_of([name]),
