# The replication, part by part. `snakemake --cores 8` makes every figure; a figure, a table or one
# of these targets can be asked for by name: all, interpolation (the part), moons, mnist, ... (an
# experiment), smoke and paper (everything at that scale).

from snakemake.utils import min_version

from memrob.workflow import progress, runs

min_version("9.0")


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/trials.smk"
include: "workflow/rules/replay.smk"
include: "workflow/rules/report.smk"


# Jobs run in processes of their own, which read this file again.
if workflow.is_main_process:
    try:
        runs.begin_run(sys.argv[1:])
    except UserError as error:
        print(f"memrob: error: {error}", file=sys.stderr)
        sys.exit(2)


rule all:
    default_target: True
    input:
        "figures/index.html",
        # A verdict on a missing set does not stay, so the next run looks for the set again.
        expand("data/prepared/{raw_set}.json", raw_set=RAW_SETS),


rule smoke:
    input:
        rules.all.input,


rule paper:
    input:
        rules.all.input,


for part in PARTS:

    rule:
        name:
            part
        input:
            *figures_of_part(part),


for name in EXPERIMENTS:

    rule:
        name:
            name
        input:
            figures_of([name]),


onstart:
    predict()
    progress.show_progress(state)


onsuccess:
    closing.end_run(Path(), SCALE, missing_sets(), config["strict"])


onerror:
    closing.end_failed_run()
