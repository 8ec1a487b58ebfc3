"""Writes the predicted costs in docs/cluster.md anew: `python tests/cluster/costs.py`."""

import re
from pathlib import Path

import yaml

from memrob.studies.registry import PARTS, load_experiments

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "cluster.md"
PROFILE = ROOT / "profiles" / "slurm" / "config.yaml"
ROW = re.compile(r"^\| `(\w+)` \|.*$", re.MULTILINE)
COLUMNS = ("experiment", "trials", "jobs", "CPU hours", "longest job", "memory")


def chunk_seconds() -> float:
    """Length of the chunks of the profile for Slurm."""
    entries = dict(entry.split("=") for entry in yaml.safe_load(PROFILE.read_text())["config"])
    return float(entries["chunk_seconds"])


def costs(scale: str = "paper") -> dict[str, dict[str, float]]:
    """Predicted cost of each experiment: numbers, hours, minutes, and bytes of the largest job."""
    found = {}
    experiments = load_experiments(ROOT / "config" / "experiments").values()
    for experiment in sorted(experiments, key=lambda e: (list(PARTS).index(e.part), e.rank)):
        if experiment.has_trials(scale):
            chunks = experiment.chunks(scale, chunk_seconds()).values()
            found[experiment.name] = {
                "trials": sum(len(chunk.trials) for chunk in chunks),
                "jobs": len(chunks),
                "hours": sum(chunk.cost.seconds for chunk in chunks) / 3600,
                "minutes": max(chunk.cost.seconds for chunk in chunks) / 60,
                "bytes": max(experiment.memory(chunk.trials) for chunk in chunks),
            }
    return found


def table() -> str:
    """All of them in Markdown, and their sum."""
    rows = costs()
    lines = [f"| {' | '.join(COLUMNS)} |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name, row in rows.items():
        lines.append(
            f"| `{name}` | {row['trials']:,} | {row['jobs']} | {row['hours']:.2f}"
            f" | {row['minutes']:.1f} min | {row['bytes'] / 1e9:.1f} GB |"
        )
    trials, jobs, hours = (
        sum(r[key] for r in rows.values()) for key in ("trials", "jobs", "hours")
    )
    lines.append(f"| together | {trials:,} | {jobs} | {hours:.1f} | | |")
    return "\n".join(lines)


def hours_in_page() -> dict[str, float]:
    """CPU hours of each experiment as the page has them."""
    text = PAGE.read_text(encoding="utf-8")
    rows = ROW.finditer(text, text.index("| experiment |"))
    return {row.group(1): float(row.group(0).split("|")[4]) for row in rows}


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    start, end = text.index("| experiment |"), text.index("| together |")
    end = text.index("\n", end)
    PAGE.write_text(text[:start] + table() + text[end:], encoding="utf-8")
