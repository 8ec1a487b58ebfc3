# Replicated against published, and the page that shows everything.


rule fidelity:
    input:
        *for_all_at_hand(compared_tables_of),
        *for_all_at_hand(replays_of),
    output:
        cells="results/fidelity.csv",
        summary="results/fidelity_summary.csv",
        replay="results/replay.csv",
        replay_summary="results/replay_summary.csv",
    log:
        "logs/fidelity.log",
    params:
        source=source_hash("memrob.fidelity.report"),
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
        source=source_hash("memrob.fidelity.figure"),
    script:
        "../../scripts/fidelity_figure.py"


rule gallery:
    input:
        *for_all_at_hand(figures_of),
        fidelity=rules.fidelity.output,
        figure=rules.fidelity_figure.output,
        configurations=[experiment.source for experiment in EXPERIMENTS.values()],
    output:
        page="figures/index.html",
        claims="results/claims.csv",
    log:
        "logs/gallery.log",
    params:
        missing=lambda w: missing_sets(),
        source=gallery_hash(PARTS),
    script:
        "../../scripts/gallery.py"
