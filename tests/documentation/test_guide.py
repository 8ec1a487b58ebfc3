"""The guide's links lead somewhere, and its commands name what there is."""

import re
import shlex
from pathlib import Path

import pytest
from snakemake.cli import get_argument_parser

from docs.generator.commands import commands, help_text
from docs.generator.links import PAGES, led_to_pages
from memrob.data.raw import RAW_SETS
from memrob.studies.base import SCALES
from memrob.studies.registry import PARTS
from memrob.studies.validation import schema

ROOT = Path(__file__).parents[2]
GUIDE = sorted((ROOT / "docs").glob("*.md"))


def lines_of(program):
    """Commands of the guide that begin with a program: (page, arguments)."""
    found = []
    for path in GUIDE:
        # Every second piece between fences is a block; its language stands in its first line.
        for block in path.read_text("utf-8").split("```")[1::2]:
            language, *lines = block.replace("\\\n", "").splitlines()
            if language in ("", "sh", "bash"):
                words = [shlex.split(x, comments=True) for x in lines if x.startswith(program)]
                found += [(path.stem, tuple(w[1:])) for w in words if w[0] == program]
    return sorted(set(found))


def links_of(path):
    return re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8"))


def targets_of(experiments):
    """Everything that the guide may ask Snakemake for."""
    known = {"all", *SCALES, *PARTS, *experiments, "ro-crate-metadata.json"}
    known |= {f"figures/{name}" for name in ("index.html", "fidelity.pdf", "construction.gif")}
    known |= {f"data/prepared/{raw_set}.npz" for raw_set in RAW_SETS}
    for name, experiment in experiments.items():
        known |= {experiment.target(figure) for figure in experiment.figures}
        if "grid" in experiment.settings:
            known.add(f"results/{experiment.part}/{name}.csv")
    return known - {"default"}


@pytest.mark.parametrize("path", GUIDE, ids=lambda path: path.stem)
def test_links_lead_to_files(path):
    assert [link for link in links_of(path) if not (path.parent / link).exists()] == []


def test_every_page_is_in_the_contents(pages):
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    listed = set(re.findall(r"^[\w/]+$", index, re.MULTILINE))
    written = {path.stem for path in GUIDE} - {"index"}
    assert written <= listed
    generated = {f"generated/{name.rpartition('.')[0]}" for name in pages}
    assert [name for name in listed if name not in written | generated] == []


@pytest.mark.parametrize("path", GUIDE, ids=lambda path: path.stem)
def test_links_to_generated_pages(path, pages):
    led = led_to_pages(path.read_text("utf-8"), path.stem)
    found = re.findall(r"\]\(/generated/([^)#]+)", led)
    assert [page for page in found if page not in pages] == []
    assert len(found) >= sum((path.parent / link).is_dir() for link in links_of(path))


def test_paths_with_a_page_exist():
    assert [path for path in PAGES if not (ROOT / path).exists()] == []
    assert led_to_pages("[d](../data/README.md#x)", "gpu") == "[d](/generated/data.md)"
    assert led_to_pages("[d](../Makefile)", "gpu") == "[d](../Makefile)"


def test_make_targets_exist():
    known = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    asked = {words[0] for _, words in lines_of("make")}
    assert asked
    assert asked <= set(known)


def test_snakemake_is_asked_for_what_there_is(experiments):
    parser, known, lines = get_argument_parser(), targets_of(experiments), lines_of("snakemake")
    assert len(lines) > 10
    for page, words in lines:
        options = parser.parse_args(words)
        assert set(options.targets) <= known, (page, words)
        keys = {assignment.partition("=")[0] for assignment in options.config or []}
        assert keys <= set(schema("config")["properties"]), (page, words)


def test_commands_have_these_options():
    lines = lines_of("memrob")
    assert {words[0] for _, words in lines} <= set(commands())
    for page, words in lines:
        known = re.findall(r"--[a-z-]+", help_text(words[0]))
        options = {word for word in words if word.startswith("--")}
        assert options <= set(known), (page, words)


def test_scripts_exist():
    lines = lines_of("python")
    assert lines
    for page, words in lines:
        paths = [word for word in words if word.startswith(("scripts/", "config/"))]
        assert paths, (page, words)
        assert [path for path in paths if not (ROOT / path).is_file()] == []
