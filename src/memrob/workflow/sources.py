"""Hashes of what a job depends on, so that a change of it reruns the job, and nothing else does.

Imports are followed wherever they stand, but for those of two modules. The registry imports every
study; what a job uses of a study, its trials, its figures or its claims, is named. What runs a
script and keeps its log decides nothing of what the script writes.
"""

import ast
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
NOT_FOLLOWED = (Path("studies", "registry.py"), Path("workflow", "jobs.py"))
STYLES = (".mplstyle", ".j2", ".css", ".js")
"""Files beside modules that change what the modules draw or write."""


def source_hash(*sources: str) -> str:
    """Hash of scripts and modules with all modules of this package that they import.

    Parameters
    ----------
    *sources : str
        Paths of scripts such as "scripts/trials.py", and dotted names of modules such as
        "memrob.studies.interpolation.trials".

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
        digest.update(_digest_and_imports(_text(path))[0])
    for folder in sorted({path.parent for path in found} - {PACKAGE}):
        beside = [*folder.glob("*"), *folder.glob("templates/*")]
        for path in sorted(path for path in beside if path.suffix in STYLES):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def files_of(*sources: str) -> set[Path]:
    """Files of scripts and modules with all modules of this package that they import."""
    pending = [Path(source) if source.endswith(".py") else _module(source) for source in sources]
    found: set[Path] = set()
    while pending:
        path = pending.pop()
        if path not in found:
            found.add(path)
            if path not in [PACKAGE / name for name in NOT_FOLLOWED]:
                pending.extend(_imports(path))
    return found


def content_hash(content: object) -> str:
    """Hash of plain content such as a configuration: what `json.dumps` takes, in any order."""
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def trials_hash(study: str) -> str:
    """Hash of what runs the trials of a study."""
    return source_hash("scripts/trials.py", f"memrob.studies.{study}.trials")


def figure_hash(study: str, script: str = "scripts/figure.py") -> str:
    """Hash of what draws the figures of a study by a script."""
    parts = [f"memrob.studies.{study}.{part}" for part in ("figures", "description")]
    return source_hash(script, *parts)


def gallery_hash(studies: Iterable[str]) -> str:
    """Hash of what decides the claims of studies and writes the gallery."""
    parts = [f"memrob.studies.{s}.{part}" for s in studies for part in ("claims", "description")]
    return source_hash("scripts/gallery.py", *parts)


@cache
def _digest_and_imports(text: str) -> tuple[bytes, tuple[str, ...]]:
    """Digest of the code of a module, and the names of this package that it imports."""
    tree, names = ast.parse(text), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            # Comments do not reach the syntax tree; docstrings, also of constants, are cut from it.
            node.body = [statement for statement in node.body if not _is_text(statement)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from package import module` names a module, `from module import function` does not.
            names.append(node.module)
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    own = tuple(name for name in names if name.split(".")[0] == PACKAGE.name)
    return hashlib.sha256(ast.dump(tree).encode()).digest(), own


def _is_text(statement: ast.stmt) -> bool:
    expression = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(expression, ast.Constant) and isinstance(expression.value, str)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _imports(path: Path) -> tuple[Path, ...]:
    return _imported_by(_text(path), PACKAGE.parent)


@cache
def _imported_by(text: str, root: Path) -> tuple[Path, ...]:
    paths = [_found(root, name) for name in _digest_and_imports(text)[1]]
    return tuple(path for path in paths if path is not None)


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
