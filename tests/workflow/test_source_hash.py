import ast

import pytest

from memrob.workflow import sources

FILES = {
    "__init__.py": '"""A package."""\n',
    "part/__init__.py": '"""A part."""\n',
    "part/top.py": '''"""Top."""

from package.part.middle import middle


def top():
    """Of all."""
    return middle() + 1
''',
    "part/middle.py": '''"""Middle."""


def middle():
    from package.part import bottom

    return bottom.VALUE  # a comment
''',
    "part/bottom.py": '''"""Bottom."""

from package.part import top  # in a circle

VALUE = 3


class Thing:
    """A class."""

    text = "a string"
''',
    "part/other.py": '"""Unrelated."""\n\nVALUE = 4\n',
}


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "package"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(sources, "PACKAGE", folder)
    yield folder
    forget()


def forget():
    sources._code.cache_clear()
    sources._imports.cache_clear()
    sources.source_hash.cache_clear()


def hash_after(package, name, old, new, module="package.part.top"):
    """Hash with `old` replaced by `new` in a file; the file is put back."""
    path = package / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    forget()
    changed = sources.source_hash(module)
    path.write_text(text)
    forget()
    return changed


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("part/top.py", "+ 1", "+ 2"),
        ("part/middle.py", "bottom.VALUE", "-bottom.VALUE"),
        ("part/bottom.py", "VALUE = 3", "VALUE = 5"),
        ("part/bottom.py", '"a string"', '"another string"'),
        ("part/top.py", "def top():", "def top(x=None):"),
    ],
)
def test_code_of_what_is_imported_counts(package, name, old, new):
    before = sources.source_hash("package.part.top")
    assert hash_after(package, name, old, new) != before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("part/top.py", '"""Top."""', '"""Top, in other words."""'),
        ("part/top.py", '    """Of all."""\n', ""),
        ("part/bottom.py", '"""A class."""', '"""Some class."""'),
        ("part/middle.py", "# a comment", "# another comment"),
        ("part/bottom.py", "VALUE = 3", "\n\n# a remark\nVALUE   =   3"),
        ("part/other.py", "VALUE = 4", "VALUE = 9"),
    ],
)
def test_words_and_unrelated_modules_do_not_count(package, name, old, new):
    before = sources.source_hash("package.part.top")
    assert hash_after(package, name, old, new) == before


def test_hash_belongs_to_the_modules_asked_for(package):
    top, other = sources.source_hash("package.part.top"), sources.source_hash("package.part.other")
    assert len({top, other, sources.source_hash("package.part.top", "package.part.other")}) == 3
    assert sources.source_hash("package.part.other", "package.part.top") == sources.source_hash(
        "package.part.top", "package.part.other"
    )
    assert hash_after(package, "part/other.py", "VALUE = 4", "VALUE = 5", "package.part.other") != (
        other
    )


def test_a_script_counts_without_what_it_imports(package, tmp_path):
    script = tmp_path / "script.py"
    text = '"""A script."""\n\nimport package.part.other\n\nprint(1)\n'
    script.write_text(text)
    before = sources.source_hash(str(script), "package.part.top")
    assert hash_after(package, "part/other.py", "= 4", "= 5", "package.part.other")
    assert sources.source_hash(str(script), "package.part.top") == before
    for new, differs in (("print(2)", True), ("print(1)  # one", False)):
        script.write_text(text.replace("print(1)", new))
        forget()
        assert (sources.source_hash(str(script), "package.part.top") != before) == differs


def test_a_module_that_is_not_there_has_no_hash(package):
    with pytest.raises(ValueError, match=r"there is no module package\.part\.absent"):
        sources.source_hash("package.part.absent")


@pytest.mark.parametrize("changed", [{"a": [1, 3]}, {"a": [1, 2], "b": None}, {"b": [1, 2]}])
def test_hash_of_a_configuration(changed):
    content = {"a": [1, 2], "c": {"d": 1.0, "e": "f"}}
    same = {"c": {"e": "f", "d": 1.0}, "a": [1, 2]}
    assert sources.content_hash(content) == sources.content_hash(same)
    assert sources.content_hash(content | changed) != sources.content_hash(content)


def reached(*modules):
    """Files that a hash covers, in the real package."""
    found, pending = set(), [sources._path(module) for module in modules]
    while pending:
        path = pending.pop()
        if path not in found:
            found.add(path)
            pending.extend(sources._imports(path))
    return {path.relative_to(sources.PACKAGE).as_posix() for path in found}


def test_trials_depend_on_the_algorithm_and_not_on_the_figures():
    covered = reached("memrob.studies.interpolation.run")
    assert {"interpolation/second_layer.py", "numerics/packed.py", "data/npz.py"} <= covered
    assert not any(path.startswith(("figures/", "gallery/", "fidelity/")) for path in covered)


def test_figures_depend_on_their_drawing():
    covered = reached("memrob.studies.interpolation.figures")
    assert {
        "plots/heatmap.py",
        "studies/interpolation/figures/slices.py",
        "numerics/statistics.py",
    } <= covered


def test_package_has_no_relative_import_which_the_hash_would_not_see():
    for path in sources.PACKAGE.glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), path
