"""Pages that are made of docstrings, examples and help."""

import re
import tomllib
from pathlib import Path

import pytest

from docs.generator import api, commands, write
from docs.generator.docstrings import escape
from docs.generator.markdown import plain, table

ROOT = Path(__file__).parents[2]


def escaped(*lines):
    lines = list(lines)
    escape(lines)
    return lines


def test_mathematics_is_no_markup():
    assert escaped("|S| of classes_, a * b") == [r"\|S\| of classes\_, a \* b"]


@pytest.mark.parametrize("line", ["`|S|` and ``a_ * b``", "snake_case, as in [1]_", ">>> a_ * b"])
def test_code_and_references_stay(line):
    assert escaped(line) == [line]


def test_code_ends_before_a_plural():
    assert escaped("`Linear`s and `a` b") == [r"`Linear`\ s and `a` b"]


def test_literal_blocks_stay():
    assert escaped("So::", "", "    a * b", "a * b")[2:] == ["    a * b", r"a \* b"]


def test_every_module_is_on_a_page():
    pages = api.pages()
    files = (ROOT / "src").rglob("*.py")
    names = [".".join(path.relative_to(ROOT / "src").with_suffix("").parts) for path in files]
    names = {name.removesuffix(".__init__") for name in names if not name.endswith("__main__")}
    shown = re.findall(r"automodule:: (\S+)", "".join(pages.values()))
    assert sorted(shown) == sorted(names)


def test_names_of_a_package_lead_to_where_they_are_documented():
    page = api.pages()["api/memrob.interpolation.rst"]
    assert ":py:obj:`fit <memrob.interpolation.construction.fit>`" in page
    assert "``ORDERS``" in page


def test_every_command_is_there():
    page = commands.pages()["commands.md"]
    assert {"interpolate", "complexity", "lipschitz", "dataset"} <= set(commands.commands())
    assert all(f"usage: memrob {name}" in page for name in commands.commands())
    assert "--first-width" in page


def test_pages_are_written_once_and_stale_ones_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(write, "all_pages", lambda: {"a.md": "A", "api/b.rst": "B"})
    stale = tmp_path / "api" / "memrob.gone.rst"
    stale.parent.mkdir()
    stale.write_text("old")
    write.write_pages(tmp_path)
    assert not stale.exists()
    assert (tmp_path / "api" / "b.rst").read_text() == "B"
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
    assert len(times) == 2
    write.write_pages(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_plain_text_is_shown_as_it_is():
    assert plain("|S| < a_b *c*") == r"\|S\| \< a\_b \*c\*"
    assert table(["a"], []) == ""


def test_pins_are_those_of_the_extra():
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pins = pinned("requirements-docs.txt")
    for requirement in extra["optional-dependencies"]["docs"]:
        name, _, version = requirement.partition("==")
        assert pins[name] == version
    assert not set(pins) & set(pinned("requirements.txt"))


def pinned(name):
    lines = (ROOT / "envs" / name).read_text("utf-8").splitlines()
    found = (line.partition("==") for line in lines if "==" in line and not line.startswith("#"))
    return {name.lower(): version for name, _, version in found}
