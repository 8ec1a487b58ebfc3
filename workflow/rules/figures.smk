# Figures of experiments, each drawn from a data set or a table, as its kind says.


rule figure:
    input:
        dataset=branch(figure_needs_dataset, then=prepared, otherwise=[]),
        table=branch(figure_needs_table, then="results/{part}/{experiment}.csv", otherwise=[]),
        measured=lambda w: tables_of(measured_experiment(w)),
        published=lambda w: PUBLISHED if has_published(w.experiment) else [],
    output:
        pdf="figures/{part}/{experiment}/{figure}.pdf",
        png=report(
            "figures/{part}/{experiment}/{figure}.png",
            category="{part}",
            subcategory="{experiment}",
            labels={"figure": "{figure}"},
            caption="../report/figure.rst",
        ),
    log:
        "logs/{part}/{experiment}/{figure}.figure.log",
    resources:
        mem_mb=2500,
    params:
        specification=figure_specification,
        title=lambda w: EXPERIMENTS[w.experiment].settings["title"],
        texts=figure_texts,
        code=lambda w: code_of_figures(w.part),
        drawn_from=drawn_hash,
    script:
        "../../scripts/figure.py"


# Figures that are tables to read.
rule printed_table:
    input:
        table="results/{part}/{experiment}.csv",
        measured=lambda w: tables_of(measured_experiment(w)),
    output:
        csv=report(
            "figures/{part}/{experiment}/{figure}.csv",
            category="{part}",
            subcategory="{experiment}",
            labels={"figure": "{figure}"},
            caption="../report/figure.rst",
        ),
    log:
        "logs/{part}/{experiment}/{figure}.figure.log",
    params:
        specification=figure_specification,
        texts=figure_texts,
        code=lambda w: code_of_figures(w.part, "scripts/printed_table.py"),
        drawn_from=drawn_hash,
    script:
        "../../scripts/printed_table.py"


rule animation:
    input:
        dataset="data/prepared/moons.npz",
    output:
        gif="figures/construction.gif",
    log:
        "logs/animation.log",
    params:
        code=code("scripts/animation.py"),
        dataset=code("memrob.data.catalogue"),
    script:
        "../../scripts/animation.py"
