"""Reference of the configuration, from the JSON schemas that check it."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from docs.generator.markdown import code, plain, table, toctree
from docs.generator.values import Resolve, allowed, resolver
from memrob.studies.registry import PARTS
from memrob.studies.validation import read_yaml, schema

NAMES = ("config", *PARTS)
ANY_NAME = "NAME"


def pages(root: Path) -> dict[str, str]:
    """Pages by file: one a schema, and their list of contents."""
    found = {"configuration/index.md": _index()}
    current = read_yaml(root / "config" / "config.yaml")
    for name in NAMES:
        found[f"configuration/{name}.md"] = page(name, current if name == "config" else None)
    return found


def page(name: str, current: dict | None = None) -> str:
    """Page of one schema.

    Parameters
    ----------
    name : str
        "config", or a part.
    current : dict, optional
        Values that the keys have now; shown in a column of their own.
    """
    whole = schema(name) if name == "config" else of_study(name)
    title = "The run: `config/config.yaml`" if name == "config" else f"Part `{name}`"
    lines = [f"# {title}", "", plain(whole["description"]), ""]
    for path, part in objects(whole):
        lines += [f"## `{path}`", ""] if path else []
        lines += [_keys(part, path, resolver(whole), current), *_conditions(part)]
    return "\n".join(lines)


def of_study(name: str) -> dict:
    """Schema of a study with the names of its kinds of figures and of its rules."""
    whole = deepcopy(schema(name))
    of_figure = whole["properties"]["figures"]["additionalProperties"]["properties"]
    of_figure["kind"]["enum"] = list(PARTS[name].kinds())
    of_figure["claims"]["items"]["properties"]["rule"]["enum"] = list(PARTS[name].rules())
    return whole


def objects(whole: dict) -> Iterator[tuple[str, dict]]:
    """Yield (dotted path, schema) of every mapping with keys of its own; that of the file has ''.

    Neighbours with one schema are yielded once: `scales.smoke, scales.default, scales.paper`.
    """
    yield from _objects(whole, "", resolver(whole))


def _objects(part: dict, path: str, resolve: Resolve) -> Iterator[tuple[str, dict]]:
    if "properties" in part:
        yield path, part
    inner: dict[str, tuple[list[str], dict]] = {}
    for key, each in _children(part, resolve).items():
        if "properties" in each or isinstance(each.get("additionalProperties"), dict):
            inner.setdefault(repr(each), ([], each))[0].append(key)
    for keys, each in inner.values():
        paths = [f"{path}.{key}" if path else key for key in keys]
        if "properties" in each or "properties" in resolve(each["additionalProperties"]):
            yield from _objects(each, _one_path(paths), resolve)


def _children(part: dict, resolve: Resolve) -> dict[str, dict]:
    children = {key: resolve(each) for key, each in part.get("properties", {}).items()}
    for key, each in children.items():
        # The keys of mappings in a list are described as those of a mapping.
        if "properties" in each.get("items", {}):
            of_one = {name: each["items"][name] for name in ("properties", "required")}
            children[key] = each | of_one
    if isinstance(part.get("additionalProperties"), dict):
        children[ANY_NAME] = resolve(part["additionalProperties"])
    return children


def _one_path(paths: list[str]) -> str:
    stem, _, _ = paths[0].rpartition(".")
    keys = [path.rpartition(".")[2] for path in paths]
    return paths[0] if len(paths) == 1 else f"{stem}.{{{','.join(keys)}}}".lstrip(".")


def _keys(part: dict, path: str, resolve: Resolve, current: dict | None) -> str:
    header = ["key", "what", "value"] + (["now"] if current else [])
    rows = []
    for key, each in _children(part, resolve).items():
        about = plain(each.get("description", ""))
        if key in part.get("required", []):
            about = f"{about} *Needed.*".strip()
        now = [code(_value(current, path, key))] if current else []
        rows.append([code(key), about, allowed(each, resolve), *now])
    return table(header, rows)


def _value(current: dict, path: str, key: str) -> Any:
    for step in [*path.split("."), key] if path else [key]:
        current = current[step]
    return "…" if isinstance(current, dict) else current


def _conditions(part: dict) -> list[str]:
    lines = []
    for key, needed in part.get("dependentRequired", {}).items():
        lines += [f"With {code(key)} also needed: {', '.join(map(code, needed))}.", ""]
    if "if" in part:
        [(key, values)] = part["if"]["properties"].items()
        needed = ", ".join(map(code, part["then"]["required"]))
        kinds = ", ".join(map(code, values["enum"]))
        lines += [f"Where {code(key)} is one of {kinds}, also needed: {needed}.", ""]
    return lines


def _index() -> str:
    return "\n".join(
        [
            "# Configuration",
            "",
            "`config/config.yaml` says what a run computes, a file",
            "`config/experiments/STUDY/EXPERIMENT.yaml` what an experiment is. Both are checked",
            "before anything runs; a mistake is one line that names the file and the key. These",
            "pages are made from the schemas that check them.",
            "",
            toctree(NAMES),
        ]
    )
