"""The page of results, `docs/results.md`, from the tables of a run: `make results`."""

import argparse
import json
from pathlib import Path

import pandas as pd

from docs.generator.markdown import plain, table
from memrob.numerics.files import whole_file
from memrob.studies.registry import load_experiments

ROOT = Path(__file__).parents[2]


def page(root: Path) -> str:
    """Text of the page.

    Parameters
    ----------
    root : path
        Folder with the ``results`` of a run and the ``config`` that it was made from.
    """
    results = root / "results"
    claims = pd.read_csv(results / "claims.csv").astype({"holds": "boolean"})
    experiments = load_experiments(root / "config" / "experiments")
    parts = {name: experiment.part for name, experiment in experiments.items()}
    return "\n".join(
        [
            # A page of one's own run: no list of contents names it.
            "---",
            "orphan: true",
            "---",
            "",
            "# What agrees",
            "",
            "Made by `make results` from the tables of one run; nothing here is typed.",
            "",
            *_run(results),
            "## Published trials, run again",
            "",
            _replay(pd.read_csv(results / "replay_summary.csv")),
            "## Published cells",
            "",
            _cells(pd.read_csv(results / "fidelity.csv")),
            "## Claims",
            "",
            _verdicts(claims, claims["experiment"].map(parts)),
            *_listed("Claims that do not hold", claims[(~claims["holds"]).fillna(False)]),
            *_listed("Claims that this run cannot decide", claims[claims["holds"].isna()]),
        ]
    )


def _run(results: Path) -> list[str]:
    records = [json.loads(path.read_text()) for path in sorted(results.glob("*/*.json"))]
    scales = sorted({str(record["scale"]) for record in records})
    commits = sorted({str(record["git_commit"])[:9] for record in records})
    tables = f"{len(records)} table{'s' * (len(records) != 1)}"
    return [f"Scale {', '.join(scales)}; {tables}; commit {', '.join(commits)}.", ""]


def _replay(summary: pd.DataFrame) -> str:
    rows = [[f"`{r.experiment}`", f"{r.rows:,}", f"{r.exact:,}"] for r in summary.itertuples()]
    return table(["experiment", "trials run again", "exactly as published"], rows)


def _cells(cells: pd.DataFrame) -> str:
    rows = []
    for experiment, group in cells.groupby("experiment", sort=False):
        same = (group["standard_error"] == 0) & (group["z"] == 0)
        z = group.loc[~same, "z"].abs().dropna()
        within = f"{(z <= 3).mean():.1%}" if len(z) else "–"
        largest = f"{z.max():.2f}" if len(z) else "–"
        rows.append([f"`{experiment}`", f"{len(group):,}", f"{same.sum():,}", within, largest])
    head = ["experiment", "values compared", "equal, no spread", "others within 3 sigma", "largest"]
    return table([*head[:-1], "largest z in absolute value"], rows)


def _verdicts(claims: pd.DataFrame, parts: pd.Series) -> str:
    rows = []
    for part, holds in claims["holds"].groupby(parts, sort=False):
        counts = [int(holds.sum()), int((~holds).sum()), int(holds.isna().sum())]
        rows.append([plain(str(part)), *map(str, counts)])
    return table(["study", "hold", "do not hold", "not decided"], rows)


def _listed(heading: str, claims: pd.DataFrame) -> list[str]:
    if claims.empty:
        return []
    lines = [
        f"* `{row.experiment}/{row.figure}`, {plain(str(row.source))}: {plain(row.statement)} "
        f"({plain(str(row.evidence))})"
        for row in claims.itertuples()
    ]
    return [f"### {heading}", "", *lines, ""]


def main() -> None:
    """Write the page beside the others."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of the run")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "results.md")
    arguments = parser.parse_args()
    with whole_file(arguments.out) as temporary:
        temporary.write_text(page(arguments.root), encoding="utf-8")


if __name__ == "__main__":
    main()
