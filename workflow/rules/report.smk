# Replicated against published, and the page that shows everything.


rule fidelity:
    input:
        tables=for_all_at_hand(compared_tables_of),
        replays=for_all_at_hand(replays_of),
        published=PUBLISHED,
    output:
        cells="results/fidelity.csv",
        summary="results/fidelity_summary.csv",
        replay="results/replay.csv",
        replay_summary="results/replay_summary.csv",
    log:
        "logs/fidelity.log",
    params:
        code=code("scripts/fidelity.py"),
        compared=compared_hash(),
    script:
        "../../scripts/fidelity.py"


rule fidelity_figure:
    input:
        cells="results/fidelity.csv",
    output:
        pdf="figures/fidelity.pdf",
        png=report(
            "figures/fidelity.png",
            category="fidelity",
            labels={"figure": "replicated against published"},
            caption="../report/fidelity.rst",
        ),
    log:
        "logs/fidelity_figure.log",
    params:
        code=code("scripts/fidelity_figure.py", "scripts/fidelity.py"),
        compared=compared_hash(),
    script:
        "../../scripts/fidelity_figure.py"


rule gallery:
    input:
        figures=for_all_at_hand(figures_of),
        tables=for_all_at_hand(tables_of),
        published=PUBLISHED,
        fidelity=rules.fidelity.output,
        figure=rules.fidelity_figure.output,
        animation=rules.animation.output,
        configurations=[experiment.source for experiment in EXPERIMENTS.values()],
    output:
        page="figures/index.html",
        claims="results/claims.csv",
    log:
        "logs/gallery.log",
    params:
        missing=lambda w: missing_sets(),
        code=code_of_gallery(tuple(PARTS)),
        compared=compared_hash(),
    script:
        "../../scripts/gallery.py"


# All that these rules make.
REPORT = [
    *rules.fidelity.output,
    *rules.fidelity_figure.output,
    *rules.animation.output,
    *rules.gallery.output,
]


# Asked for by name, when a run is to be deposited: see docs/releasing.md.
rule crate:
    input:
        for_all_at_hand(everything_of),
        REPORT,
    output:
        "ro-crate-metadata.json",
    log:
        "logs/crate.log",
    params:
        code=code("scripts/crate.py"),
    script:
        "../../scripts/crate.py"
