"""The files of a run as an RO-Crate, read again by the library of its makers."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate
from small_run import build, make_run, write

from memrob.workflow.crate import DEPOSITED, METADATA, write_crate

ROOT = Path(__file__).parents[2]
TABLE, RECORD = "results/interpolation/moons.csv", "results/interpolation/moons.json"
PICTURE = "figures/interpolation/moons/width.png"


@pytest.fixture
def run(tmp_path):
    """Folder of a small run with what the crate is told by."""
    make_run(tmp_path)
    record = json.loads((tmp_path / RECORD).read_text())
    record |= {"part": "interpolation", "experiment": "moons", "rows": 24}
    write(tmp_path / RECORD, json.dumps(record | {"written": "2026-01-01T00:00:00+0000"}))
    for name in ("Snakefile", "CITATION.cff"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_a_reader_finds_the_workflow_the_files_and_how_they_were_made(run):
    write_crate(run, [TABLE, RECORD, PICTURE], "smoke")
    crate = ROCrate(run)
    assert crate.mainEntity.id == "Snakefile"
    assert "ComputationalWorkflow" in crate.mainEntity.type
    assert crate.mainEntity["programmingLanguage"]["name"] == "Snakemake"
    assert "at the scale smoke" in crate.name
    assert str(crate.license).endswith("/MIT")
    files = {entity.id: entity for entity in crate.data_entities}
    configuration = "config/experiments/interpolation/moons.yaml"
    assert set(files) == {"Snakefile", TABLE, RECORD, PICTURE, configuration}
    assert all((run / name).is_file() for name in files)
    assert files[TABLE]["encodingFormat"] == "text/csv"
    assert files[TABLE]["contentSize"] == str((run / TABLE).stat().st_size)
    (action,) = crate.get_by_type("CreateAction")
    assert [each.id for each in action["result"]] == [TABLE, RECORD]
    assert [each.id for each in action["object"]] == [configuration]
    assert "24 rows; commit abc1234; numpy 2.3.0" in action["description"]
    works = [work["name"] for work in crate.root_dataset["citation"]]
    assert works[0] == "Memorization capacity and robustness of neural networks"
    assert len(works) == 3


def test_the_recipe_packs_every_file_that_the_crate_names(run):
    prepared, chunk = "data/prepared/moons.npz", "results/interpolation/chunks/moons/000.csv"
    for path in (prepared, chunk):
        write(run / path, "of a run, and not to be deposited")
    write_crate(run, [TABLE, prepared, PICTURE, chunk], "smoke")
    files = {entity.id for entity in ROCrate(run).data_entities}
    assert files == {"Snakefile", TABLE, PICTURE}
    assert set(DEPOSITED) <= packed()


def test_the_recipe_packs_what_the_gallery_has_links_to(run):
    links = re.findall(r'(?:href|src)="([^"#:]+)', build(run))
    folders = {Path(os.path.normpath(f"figures/{link}")).parts[0] for link in links}
    assert {"config", "figures", "logs", "results"} <= folders
    tracked = {"config", "data", "docs", "workflow"}
    assert folders - tracked <= packed()


def packed():
    """What the recipe adds to the files of a commit."""
    recipe = (ROOT / "docs" / "releasing.md").read_text("utf-8")
    (line,) = re.findall(r"^tar --append --file=\S+ (.*)$", recipe, re.MULTILINE)
    return set(line.split())


def test_every_identifier_that_is_referred_to_is_described(run):
    write_crate(run, [TABLE, RECORD, PICTURE], "smoke")
    graph = json.loads((run / METADATA).read_text("utf-8"))["@graph"]
    described = [entity["@id"] for entity in graph]
    assert len(set(described)) == len(described)

    def references(value):
        if isinstance(value, list):
            return [found for each in value for found in references(each)]
        return [value["@id"]] if isinstance(value, dict) and set(value) == {"@id"} else []

    told = {found for entity in graph for value in entity.values() for found in references(value)}
    assert {each for each in told - set(described) if not each.startswith("https://")} == set()
