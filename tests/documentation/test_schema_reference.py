"""The reference of the configuration names everything that the schemas allow."""

import pytest
import yaml

from docs.generator import configuration
from docs.generator.values import allowed, resolver
from memrob.studies.registry import PARTS
from memrob.studies.validation import schema


def found(part, keyword):
    """Values of a keyword anywhere in a schema; keys that only happen to be called so are none."""
    if isinstance(part, list):
        return [value for each in part for value in found(each, keyword)]
    if not isinstance(part, dict):
        return []
    kind = list if keyword == "enum" else dict
    own = [part[keyword]] if isinstance(part.get(keyword), kind) else []
    return own + [value for each in part.values() for value in found(each, keyword)]


@pytest.mark.parametrize("name", ["config", *PARTS])
def test_every_key_and_value_is_there(name):
    page = configuration.page(name)
    keys = {key for properties in found(schema(name), "properties") for key in properties}
    assert len(keys) >= 6
    assert [key for key in keys if f"`{key}`" not in page] == []
    words = {word for values in found(schema(name), "enum") for word in values}
    assert [word for word in words if f"`{word}`" not in page] == []


@pytest.mark.parametrize("name", ["config", *PARTS])
def test_every_description_is_there(name):
    page = configuration.page(name).replace("\\", "")
    properties = [part for each in found(schema(name), "properties") for part in each.values()]
    texts = [part["description"] for part in properties if isinstance(part.get("description"), str)]
    assert texts
    assert [text for text in texts if " ".join(text.split()) not in page] == []


def test_every_schema_has_a_page_and_its_present_values(tmp_path):
    (tmp_path / "config").mkdir()
    values = {"scale": "smoke", "strict": True, "experiments": "all", "chunk_seconds": 77}
    text = yaml.safe_dump({**values, "data": {"mirror": None}})
    (tmp_path / "config" / "config.yaml").write_text(text)
    pages = configuration.pages(tmp_path)
    assert {f"configuration/{part}.md" for part in PARTS} < set(pages)
    assert "| `77` |" in pages["configuration/config.md"]
    assert "| `null` |" in pages["configuration/config.md"]


def test_neighbours_of_one_schema_are_described_once():
    paths = [path for path, _ in configuration.objects(schema("complexity"))]
    assert "scales.{smoke,default,paper}" in paths
    assert "figures.NAME" in paths


def test_references_are_followed_and_own_words_kept():
    whole = {"$defs": {"counts": {"type": "array", "items": {"type": "integer", "minimum": 2}}}}
    part = {"description": "Sizes.", "$ref": "#/$defs/counts"}
    assert resolver(whole)(part)["description"] == "Sizes."
    assert allowed(part, resolver(whole)) == "list; each whole number, at least 2"


def test_a_keyword_without_words_is_no_page():
    with pytest.raises(ValueError, match="maxLength"):
        allowed({"type": "string", "maxLength": "a+"}, resolver({}))
