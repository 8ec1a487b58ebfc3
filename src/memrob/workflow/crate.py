"""What a run made as an RO-Crate: its files, what they are made from, and by which software.

https://www.researchobject.org/ro-crate; the profile is that of Workflow RO-Crates.
"""

import json
from pathlib import Path
from typing import Any

import yaml
from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from memrob import __version__
from memrob.numerics.files import whole_file

METADATA = "ro-crate-metadata.json"
PROFILE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
DEPOSITED = ("results", "figures")
"""Folders of what a run makes; data are left out, which it prepares from what others publish."""

FORMATS = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".gif": "image/gif",
    ".html": "text/html",
    ".yaml": "application/yaml",
}
WORKS = {"thesis": "Thesis", "article": "ScholarlyArticle"}


def write_crate(root: Path, made: list[str], scale: str) -> None:
    """Write `ro-crate-metadata.json` into the folder of a run, so that it is an RO-Crate.

    Parameters
    ----------
    root : path
        Folder of the run, with ``Snakefile`` and ``CITATION.cff``.
    made : list of str
        Files of the run below it. Those of `DEPOSITED` are taken, but for unfinished tables.
    scale : str
        Its scale.
    """
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    crate = ROCrate()
    crate.name = f"{citation['title']}: results at the scale {scale}"
    crate.description = (
        "Tables, figures and comparison with the published results, made by one workflow from the "
        "configuration that is part of this crate."
    )
    crate.license = f"https://spdx.org/licenses/{citation['license']}"
    crate.root_dataset["citation"] = [_work(crate, work) for work in citation["references"]]
    crate.metadata["conformsTo"] = [
        {"@id": "https://w3id.org/ro/crate/1.1"},
        {"@id": PROFILE},
    ]
    workflow = crate.add_workflow(
        root / "Snakefile",
        "Snakefile",
        main=True,
        lang="snakemake",
        properties={
            "name": citation["title"],
            "version": __version__,
        },
    )
    files = {path: _file(crate, root, path) for path in sorted(set(made)) if _is_deposited(path)}
    for path in list(files):
        record = root / path
        if record.suffix == ".json" and record.with_suffix(".csv").is_file():
            _action(crate, root, json.loads(record.read_text("utf-8")), path, workflow, files)
    with whole_file(root / METADATA) as temporary:
        text = json.dumps(crate.metadata.generate(), indent=1, sort_keys=True, ensure_ascii=False)
        temporary.write_text(text + "\n", encoding="utf-8")


def _is_deposited(path: str) -> bool:
    folder, *within = Path(path).parts
    return folder in DEPOSITED and "chunks" not in within


def _file(crate: ROCrate, root: Path, path: str) -> Any:
    properties = {"name": path, "contentSize": str((root / path).stat().st_size)}
    if (suffix := Path(path).suffix) in FORMATS:
        properties["encodingFormat"] = FORMATS[suffix]
    return crate.add_file(root / path, path, properties=properties)


def _action(
    crate: ROCrate,
    root: Path,
    record: dict[str, Any],
    path: str,
    workflow: Any,
    files: dict[str, Any],
) -> None:
    """The making of one table: by which software, from which configuration, until when."""
    name = f"{record['part']}/{record['experiment']}"
    configuration = f"config/experiments/{name}.yaml"
    source = files.get(configuration)
    if source is None and (root / configuration).is_file():
        source = files[configuration] = _file(crate, root, configuration)
    table = path.removesuffix(".json") + ".csv"
    crate.add_action(
        workflow,
        identifier=f"#{name}",
        object=[] if source is None else [source],
        result=[files[each] for each in (table, path) if each in files],
        properties={
            "name": f"Trials of {name} at the scale {record['scale']}",
            "description": f"{record['rows']:,} rows; commit {record['git_commit']}; "
            + ", ".join(f"{package} {version}" for package, version in record["versions"].items()),
            "endTime": record["written"],
        },
    )


def _work(crate: ROCrate, work: dict[str, Any]) -> Any:
    """A work that is replicated, as CITATION.cff has it."""
    names = [f"{author['given-names']} {author['family-names']}" for author in work["authors"]]
    numbers = [each["value"] for each in work.get("identifiers", ())]
    properties = {
        "@type": WORKS[work["type"]],
        "name": work["title"],
        "author": names,
        "datePublished": str(work["year"]),
        **({"identifier": numbers} if numbers else {}),
    }
    return crate.add(ContextEntity(crate, f"#{work['type']}-{work['year']}", properties))
