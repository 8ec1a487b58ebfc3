"""The page of results, `docs/results.md`, from a run and the kept trials: `make results`."""

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from scipy.stats import norm

from docs.generator.kept import KEPT, sizes, unpacked
from docs.generator.markdown import plain, table
from memrob.numerics.files import whole_file
from memrob.studies.registry import load_experiments

ROOT = Path(__file__).parents[2]


def page(root: Path, archive: Path | None = None) -> str:
    """Text of the page.

    Parameters
    ----------
    root : path
        Folder with the ``results`` of a run and the ``config`` that it was made from.
    archive : path, optional
        Folder with the ``data/replication`` of which the page tells too, and its ``config``.
    """
    lines = [
        # A page of one's own run: no list of contents names it.
        "---",
        "orphan: true",
        "---",
        "",
        "# What agrees",
        "",
        "Made by `make results` from tables of trials; nothing here is typed.",
        "",
        "## One run",
        "",
        *_run(root / "results"),
        *_agreement(root / "results", root / "config"),
    ]
    if archive is not None:
        with TemporaryDirectory() as folder:
            kept = unpacked(archive, Path(folder))
            lines += ["## The scale paper, kept here", "", KEPT, "", sizes(kept)]
            lines += _agreement(kept, archive / "config")
    return "\n".join(lines)


def _agreement(results: Path, config: Path) -> list[str]:
    claims = pd.read_csv(results / "claims.csv").astype({"holds": "boolean"})
    experiments = load_experiments(config / "experiments")
    parts = {name: experiment.part for name, experiment in experiments.items()}
    cells = pd.read_csv(results / "fidelity.csv")
    return [
        "### Published trials, run again",
        "",
        _replay(pd.read_csv(results / "replay_summary.csv")),
        "### Published cells",
        "",
        _cells(cells),
        *_distribution(cells),
        "### Claims",
        "",
        _verdicts(claims, claims["experiment"].map(parts)),
        *_listed("Claims that do not hold", claims[(~claims["holds"]).fillna(False)]),
        *_listed("Claims that these trials cannot decide", claims[claims["holds"].isna()]),
    ]


def _run(results: Path) -> list[str]:
    records = [json.loads(path.read_text()) for path in sorted(results.glob("*/*.json"))]
    scales = sorted({str(record["scale"]) for record in records})
    commits = sorted({str(record["git_commit"])[:9] for record in records})
    tables = f"{len(records)} table{'s' * (len(records) != 1)}"
    return [f"Scale {', '.join(scales)}; {tables}; commit {', '.join(commits)}.", ""]


def _replay(summary: pd.DataFrame) -> str:
    rows = [
        [f"`{r.experiment}`", f"{r.rows:,}", r.compared, f"{r.exact:,}"]
        for r in summary.itertuples()
    ]
    head = ["experiment", "trials run again", "what is compared", "exactly as published"]
    return table(head, rows)


def _cells(cells: pd.DataFrame) -> str:
    rows = []
    for experiment, group in cells.groupby("experiment", sort=False):
        same = (group["standard_error"] == 0) & (group["z"] == 0)
        z = group.loc[~same, "z"].abs().dropna()
        within = f"{(z <= 3).mean():.1%}" if len(z) else "–"
        largest = f"{z.max():.2f}" if len(z) else "–"
        rows.append([f"`{experiment}`", f"{len(group):,}", f"{same.sum():,}", within, largest])
    head = ["experiment", "values compared", "equal, no spread", "others within 3 sigma"]
    return table([*head, "largest z in absolute value"], rows)


def _distribution(cells: pd.DataFrame) -> list[str]:
    # All z against the standard normal. Some depend on each other: cells that share subsets of the
    # data or weights. The shares and the standard deviation are no less comparable for that.
    z = cells.loc[cells["standard_error"] > 0, "z"]
    if len(z) < 2:
        return []
    within = [f"{(z.abs() <= k).mean():.1%} ({2 * norm.cdf(k) - 1:.1%})" for k in (1, 2, 3)]
    row = [f"{len(z):,}", f"{z.mean():.2f} (0)", f"{z.std():.2f} (1)", *within]
    head = ["values with spread", "mean of z", "its standard deviation"]
    head += [f"within {k} sigma" for k in (1, 2, 3)]
    return ["All of them together; in brackets the standard normal:", "", table(head, [row])]


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
    return [f"#### {heading}", "", *lines, ""]


def main() -> None:
    """Write the page beside the others."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of the run")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "results.md")
    arguments = parser.parse_args()
    with whole_file(arguments.out) as temporary:
        temporary.write_text(page(arguments.root, ROOT), encoding="utf-8")


if __name__ == "__main__":
    main()
