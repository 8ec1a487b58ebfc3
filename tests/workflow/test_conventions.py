"""What tools for Snakemake workflows expect of a repository."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import memrob

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_lint_complains_of_nothing_but_what_the_documentation_answers():
    command = [sys.executable, "-m", "snakemake", "--lint", "--snakefile", "Snakefile"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    complaints = set(re.findall(r"^    \* (.*?):?$", run.stdout + run.stderr, re.MULTILINE))
    assert complaints == {"Specify a conda environment or container for each rule."}
    assert "no Conda environment" in (ROOT / "docs" / "releasing.md").read_text("utf-8")


def test_the_catalogue_finds_how_the_workflow_is_used():
    usage = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text("utf-8"))["usage"]
    assert set(usage) == {"mandatory-flags", "software-stack-deployment", "report"}
    assert (ROOT / "config" / "README.md").is_file()
    assert (ROOT / "Snakefile").is_file()


def test_the_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert project["version"] == citation["version"] == memrob.__version__
    assert f"## {memrob.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert project["license"] == citation["license"]
