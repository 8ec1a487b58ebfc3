"""How each figure is made and what it claims, from the configuration and the rules of claims."""

import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from docs.generator.markdown import code, plain, table, toctree
from memrob.data.catalogue import DATASETS
from memrob.gallery import model
from memrob.gallery.entries import collect
from memrob.studies.base import SCALES, Experiment
from memrob.studies.kind import Kind
from memrob.studies.registry import PARTS, load_experiments
from memrob.workflow.prediction import duration

_RULE = re.compile(r'^ *rule (\w+):.*?"[./]*/(scripts/\w+\.py)"', re.M | re.S)
NOWHERE = Path("nowhere")


def pages(root: Path) -> dict[str, str]:
    """Pages by file: one a part, and their list of contents."""
    experiments = load_experiments(root / "config" / "experiments").values()
    found = {"figures/index.md": _index(root)}
    for part, of_part in groupby(experiments, key=lambda experiment: experiment.part):
        found[f"figures/{part}.md"] = page(part, of_part)
    return found


def page(part: str, experiments: Iterable[Experiment]) -> str:
    """Page of a part: its experiments, their figures, and what is claimed of each."""
    lines = [f"# {plain(PARTS[part].description().heading)}", ""]
    for experiment in experiments:
        described = on_gallery(experiment)
        lines += [f"## {plain(described.title)}", "", _head(experiment)]
        lines += [_figure(experiment, figure) for figure in described.figures]
    return "\n".join(lines)


def on_gallery(experiment: Experiment) -> model.Experiment:
    """An experiment as the gallery has it before any run: claims are not decided."""
    entry = {"part": experiment.part, "name": experiment.name, **experiment.settings}
    described = collect(NOWHERE, [entry], scale="default", missing={}, folder=NOWHERE)
    return described.experiments[0]


def rules(root: Path) -> dict[str, str]:
    """Script of each rule of the workflow that has one."""
    found = {}
    for file in sorted((root / "workflow" / "rules").glob("*.smk")):
        for text in re.split(r"\n(?= *rule |for )", file.read_text(encoding="utf-8")):
            found |= dict(_RULE.findall(text))
    return found | {study.trials_rule: "scripts/trials.py" for study in PARTS.values()}


def _head(experiment: Experiment) -> str:
    source = f"config/experiments/{experiment.part}/{experiment.name}.yaml"
    lines = [f"Experiment `{experiment.name}`, described in `{source}`. {_data(experiment)}", ""]
    if "grid" in experiment.settings:
        result = f"results/{experiment.part}/{experiment.name}.csv"
        rules_of_it = f"`{experiment.trials_rule}` and `table`"
        lines += [f"Its trials are made by the rules {rules_of_it}: `{result}`.", ""]
        lines.append(table(["scale", "trials", "predicted CPU time"], _scales(experiment)))
    return "\n".join(lines)


def _data(experiment: Experiment) -> str:
    if experiment.dataset is None:
        return "It needs no data."
    entry = DATASETS[experiment.dataset]
    origin = f"downloaded: {code(entry.downloads)}" if entry.downloads else "made, not downloaded"
    return f"Data: `{experiment.dataset}`, {plain(entry.description)} ({origin})."


def _scales(experiment: Experiment) -> list[list[str]]:
    rows = []
    for scale in SCALES:
        if experiment.has_trials(scale):
            trials = experiment.trials(scale)
            seconds = sum(experiment.predicted_cost(trial, scale).seconds for trial in trials)
            rows.append([code(scale), f"{len(trials):,}", duration(seconds)])
    return rows


def _figure(experiment: Experiment, figure: model.Figure) -> str:
    kind = experiment.kind(figure.name)
    function, name = kind.function, experiment.figures[figure.name]["kind"]
    drawn = f"{{py:obj}}`{function.__module__}.{function.__name__}`"
    lines = [
        f"### {plain(figure.title)}",
        "",
        plain(figure.caption),
        "",
        f"Kind `{name}`, {_how(kind)} {_origin(kind)} by {drawn}, rule `{_rule(kind)}`:",
        "",
        *["```sh", figure.command, "```", ""],
    ]
    if figure.claims:
        statements = [
            f"* {plain(claim.statement)} ({plain(claim.source)})" for claim in figure.claims
        ]
        lines += ["What it should show, decided in each run:", "", *statements, ""]
    return "\n".join(lines)


def _how(kind: Kind) -> str:
    return "a table to read, made from" if kind.printed else "drawn from"


def _rule(kind: Kind) -> str:
    return "printed_table" if kind.printed else "figure"


def _origin(kind: Kind) -> str:
    if kind.of_dataset:
        return "the data set"
    return "the table of trials" if kind.of_trials else "its options alone"


def _index(root: Path) -> str:
    rows = [[code(rule), code(script)] for rule, script in rules(root).items()]
    return "\n".join(
        [
            "# Figures and claims",
            "",
            "How each figure is made, what it should show, and the statements about it that every",
            "run decides. What a run found is in its gallery, `figures/index.html`, and in",
            "`results/claims.csv`. CPU times are predictions for one core with AVX-512.",
            "",
            toctree(list(PARTS), depth=2),
            "Rules of the workflow and the script that each runs:",
            "",
            table(["rule", "script"], rows),
            "A figure that is drawn from a table of trials needs `chunk` and `table` before",
            "`figure`; every data set is made by `dataset`. The comparison with published numbers,",
            "`figures/fidelity.pdf`, is made by `replay`, `fidelity` and `fidelity_figure`, and",
            "the page with everything by `gallery`.",
            "",
        ]
    )
