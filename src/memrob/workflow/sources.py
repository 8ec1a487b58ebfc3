"""Hashes of what a job depends on, so that a change of it reruns the job, and nothing else does.

Imports are followed wherever they stand, but for those of the registry of the studies, which
imports all of them: what a job uses of a study, its trials, its figures or its claims, is named.
"""

import ast
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
REGISTRY = Path("studies", "registry.py")
STYLES = (".mplstyle", ".j2", ".css", ".js")
"""Files beside modules that change what the modules draw or write."""


def source_hash(*sources: str) -> str:
    """Hash of scripts, and of modules of this package with all its modules that they import.

    Parameters
    ----------
    *sources : str
        Dotted names such as "memrob.studies.interpolation.trials", and paths of scripts such as
        "scripts/chunk.py", of which the code in the file itself counts.

    Returns
    -------
    str
        Changes with any line of that code, and with nothing else.

    Raises
    ------
    ValueError
        If there is no such module.
    """
    found = files_of(*sources)
    digest = hashlib.sha256()
    for path in sorted(found):
        digest.update(_digest_of(path.read_text(encoding="utf-8")))
    for folder in sorted({path.parent for path in found} - {PACKAGE}):
        beside = [*folder.glob("*"), *folder.glob("templates/*")]
        for path in sorted(path for path in beside if path.suffix in STYLES):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def files_of(*sources: str) -> set[Path]:
    """Files of scripts, and of modules of this package with all its modules that they import."""
    found = {Path(source) for source in sources if source.endswith(".py")}
    pending = [_module(source) for source in sources if not source.endswith(".py")]
    while pending:
        path = pending.pop()
        if path not in found:
            found.add(path)
            if path != PACKAGE / REGISTRY:
                pending.extend(_imports(path))
    return found


def content_hash(content: object) -> str:
    """Hash of plain content such as a configuration: what `json.dumps` takes, in any order."""
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def trials_hash(study: str) -> str:
    """Hash of what runs the trials of a study."""
    return source_hash("memrob.studies.run", f"memrob.studies.{study}.trials")


def figure_hash(study: str) -> str:
    """Hash of what draws the figures of a study."""
    parts = [f"memrob.studies.{study}.{part}" for part in ("figures", "description")]
    return source_hash("memrob.workflow.figures", *parts)


def gallery_hash(studies: Iterable[str]) -> str:
    """Hash of what decides the claims of studies and writes the gallery."""
    parts = [f"memrob.studies.{s}.{part}" for s in studies for part in ("claims", "description")]
    return source_hash("memrob.workflow.gallery", *parts)


@cache
def _digest_of(text: str) -> bytes:
    # Comments do not reach the syntax tree, docstrings and those of constants are cut from it.
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = [statement for statement in node.body if not _is_text(statement)]
    return hashlib.sha256(ast.dump(tree).encode()).digest()


def _is_text(statement: ast.stmt) -> bool:
    expression = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(expression, ast.Constant) and isinstance(expression.value, str)


def _imports(path: Path) -> tuple[Path, ...]:
    paths = map(_path, _imported_names(path.read_text(encoding="utf-8")))
    return tuple(path for path in paths if path is not None)


@cache
def _imported_names(text: str) -> tuple[str, ...]:
    names: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from package import module` names a module, `from module import function` does not.
            names.append(node.module)
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(name for name in names if name.split(".")[0] == PACKAGE.name)


def _module(name: str) -> Path:
    if (path := _path(name)) is None:
        raise ValueError(f"there is no module {name}")
    return path


def _path(module: str) -> Path | None:
    return _found(PACKAGE.parent, module)


@cache
def _found(root: Path, module: str) -> Path | None:
    base = root.joinpath(*module.split("."))
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if candidate.exists():
            return candidate
    return None
