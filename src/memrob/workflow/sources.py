"""Hashes of what a job depends on, so that a change of it reruns the job, and nothing else does."""

import ast
import hashlib
import json
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
STYLES = (".mplstyle", ".j2", ".css", ".js")
"""Files beside modules that change what the modules draw or write."""


@cache
def source_hash(*sources: str) -> str:
    """Hash of scripts, and of modules of this package with all its modules that they import.

    Parameters
    ----------
    *sources : str
        Dotted names such as "memrob.studies.interpolation.run", and paths of scripts such as
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
    scripts = [source for source in sources if source.endswith(".py")]
    modules = [source for source in sources if source not in scripts]
    for module in modules:
        if _path(module) is None:
            raise ValueError(f"there is no module {module}")
    found: set[Path] = set()
    pending = [_path(module) for module in modules]
    while pending:
        path = pending.pop()
        if path not in found:
            found.add(path)
            pending.extend(_imports(path))
    digest = hashlib.sha256()
    for script in sorted(scripts):
        digest.update(_code_of(Path(script)))
    for path in sorted(found):
        digest.update(_code(path))
    for folder in sorted({path.parent for path in found}):
        for path in sorted(p for p in folder.rglob("*") if p.suffix in STYLES):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def content_hash(content: object) -> str:
    """Hash of plain content such as a configuration: what `json.dumps` takes, in any order."""
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def _code(path: Path) -> bytes:
    return _code_of(path)


def _code_of(path: Path) -> bytes:
    # Comments do not reach the syntax tree, docstrings and those of constants are cut from it.
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = [statement for statement in node.body if not _is_text(statement)]
    return ast.dump(tree).encode()


def _is_text(statement: ast.stmt) -> bool:
    expression = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(expression, ast.Constant) and isinstance(expression.value, str)


@cache
def _imports(path: Path) -> tuple[Path, ...]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from package import module` names a module, `from module import function` does not.
            names.append(node.module)
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    paths = (_path(name) for name in names if name.split(".")[0] == PACKAGE.name)
    return tuple(path for path in paths if path is not None)


def _path(module: str) -> Path | None:
    base = PACKAGE.parent.joinpath(*module.split("."))
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if candidate.exists():
            return candidate
    return None
