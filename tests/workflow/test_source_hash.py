import ast
import shutil
import subprocess
import sys

import pytest

from memrob.studies.registry import PARTS
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
    return folder


def hash_after(package, name, old, new, module="package.part.top"):
    """Hash with `old` replaced by `new` in a file; the file is put back."""
    path = package / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    changed = sources.source_hash(module)
    path.write_text(text)
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


def test_a_script_counts_with_what_it_imports(package, tmp_path):
    script = tmp_path / "script.py"
    text = '"""A script."""\n\nimport package.part.other\n\nprint(1)\n'
    script.write_text(text)
    before = sources.source_hash(str(script))
    other = package / "part" / "other.py"
    other.write_text(other.read_text().replace("= 4", "= 5"))
    assert sources.source_hash(str(script)) != before
    other.write_text(other.read_text().replace("= 5", "= 4"))
    for new, differs in (("print(2)", True), ("print(1)  # one", False)):
        script.write_text(text.replace("print(1)", new))
        assert (sources.source_hash(str(script)) != before) == differs


def test_a_module_that_is_not_there_has_no_hash(package):
    with pytest.raises(ValueError, match=r"there is no module package\.part\.absent"):
        sources.source_hash("package.part.absent")


@pytest.mark.parametrize("changed", [{"a": [1, 3]}, {"a": [1, 2], "b": None}, {"b": [1, 2]}])
def test_hash_of_a_configuration(changed):
    content = {"a": [1, 2], "c": {"d": 1.0, "e": "f"}}
    same = {"c": {"e": "f", "d": 1.0}, "a": [1, 2]}
    assert sources.content_hash(content) == sources.content_hash(same)
    different = {key: value for key, value in content.items() if key != "a"} | changed
    assert sources.content_hash(content) != sources.content_hash(different)


def reached(*modules):
    """Files of the real package that a hash covers."""
    return {
        path.relative_to(sources.PACKAGE).as_posix()
        for path in sources.files_of(*modules)
        if path.is_relative_to(sources.PACKAGE)
    }


def hashes():
    """Hash of each rule that depends on a study, and that of the gallery."""
    found = {("trials", study): sources.trials_hash(study) for study in PARTS}
    found |= {("figure", study): sources.figure_hash(study) for study in PARTS}
    return {**found, ("gallery",): sources.gallery_hash(PARTS)}


RUN_OF = {
    "trials": lambda study: ["scripts/trials.py", f"memrob.studies.{study}.trials"],
    "figure": lambda study: [
        "scripts/figure.py",
        *(f"memrob.studies.{study}.{part}" for part in ("figures", "description")),
    ],
}
USES = {
    (rule, study): reached(*modules(study)) for rule, modules in RUN_OF.items() for study in PARTS
}
USES["gallery",] = reached(
    "scripts/gallery.py",
    *(f"memrob.studies.{study}.{part}" for study in PARTS for part in ("claims", "description")),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy") / "memrob"
    shutil.copytree(sources.PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_an_edit_changes_the_hash_of_the_rules_that_use_the_module_and_of_no_other(
    copy, monkeypatch
):
    monkeypatch.setattr(sources, "PACKAGE", copy)
    before = hashes()
    edited = set().union(*USES.values())
    for study in PARTS:
        assert {f"studies/{study}/{m}" for m in ("trials.py", "claims/__init__.py")} <= edited
    for name in sorted(edited):
        path = copy / name
        text = path.read_text()
        path.write_text(text + "\n\nEDITED = True\n")
        after = hashes()
        path.write_text(text)
        changed = {rule for rule in before if before[rule] != after[rule]}
        assert changed == {rule for rule, files in USES.items() if name in files}, name


@pytest.mark.parametrize("study", PARTS)
@pytest.mark.parametrize("role", ["trials", "figures", "claims", "description"])
def test_all_that_is_imported_is_hashed(study, role):
    """What a fresh interpreter imports is what the hash covers, however it is imported."""
    module = f"memrob.studies.{study}.{role}"
    code = f"import sys, {module}; print(*(m for m in sys.modules if m.split('.')[0] == 'memrob'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    covered = sources.files_of(module)
    # A package is imported for the sake of its modules; what its names are, it only passes on.
    packages = {path for path in sources.PACKAGE.rglob("__init__.py") if path not in covered}
    passed_on = set().union(*(sources._imports(path) for path in packages))
    imported = {sources._path(name) for name in done.stdout.split()}
    assert imported - covered - packages <= {
        path for path in sources.PACKAGE.rglob("*.py") if path in closure(passed_on)
    }


def closure(paths):
    """Files with all that they import."""
    found, pending = set(), list(paths)
    while pending:
        path = pending.pop()
        if path not in found:
            found.add(path)
            pending.extend(sources._imports(path))
    return found


def test_trials_of_a_study_reach_neither_figures_nor_claims_nor_other_studies():
    for study in PARTS:
        for file in USES["trials", study]:
            assert not file.startswith(("plots/", "gallery/", "fidelity/"))
            assert "/figures/" not in file and "/claims/" not in file
            if file.startswith("studies/") and file.count("/") > 1:
                assert file.startswith(f"studies/{study}/")


def test_the_gallery_does_not_depend_on_trials():
    assert not any(file.endswith("/trials.py") for file in USES["gallery",])


def test_the_look_of_the_page_belongs_to_the_gallery_alone(copy, monkeypatch):
    monkeypatch.setattr(sources, "PACKAGE", copy)
    before = hashes()
    style = copy / "gallery" / "templates" / "page.css"
    style.write_text(style.read_text() + "\nbody { margin: 0 }\n")
    assert {rule for rule, found in hashes().items() if found != before[rule]} == {("gallery",)}


def test_trials_depend_on_the_algorithm_and_figures_on_their_drawing():
    covered = USES["trials", "interpolation"]
    assert {"interpolation/second_layer.py", "numerics/packed.py", "data/npz.py"} <= covered
    drawn = USES["figure", "interpolation"]
    slices = "studies/interpolation/figures/slices.py"
    assert {"plots/heatmap.py", slices, "numerics/statistics.py"} <= drawn


def test_package_has_no_relative_import_which_the_hash_would_not_see():
    for path in sources.PACKAGE.glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), path
