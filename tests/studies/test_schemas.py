"""The schemas describe every key, for the reference that is made of them."""

from pathlib import Path

import pytest
import yaml

import memrob.studies

FOLDER = Path(memrob.studies.__file__).parent
SCHEMAS = [FOLDER / "config.yaml", *sorted(FOLDER.glob("*/schema.yaml"))]


def undescribed(node, path=""):
    """Paths of the keys that have neither a description nor a reference to one."""
    if isinstance(node, list):
        return [found for each in node for found in undescribed(each, path)]
    if not isinstance(node, dict):
        return []
    found = []
    for key, value in node.items():
        if key in ("properties", "$defs") and isinstance(value, dict):
            for name, each in value.items():
                own = key == "properties" and not {"description", "$ref"} & set(each)
                found += [f"{path}.{name}"] if own else []
                found += undescribed(each, f"{path}.{name}")
        elif key not in ("if", "then"):
            found += undescribed(value, path)
    return found


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.parent.name)
def test_every_key_is_described(path):
    assert undescribed(yaml.safe_load(path.read_text())) == []


def test_every_key_of_every_figure_is_described():
    common = yaml.safe_load((FOLDER / "figure.yaml").read_text())
    assert undescribed({"properties": common}) == []


def test_a_key_without_a_description_is_found():
    schema = {"properties": {"a": {"type": "integer"}, "b": {"description": "B."}}}
    assert undescribed({"$defs": {"c": schema}}) == [".c.a"]
