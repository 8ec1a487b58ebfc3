"""A hash of the modules that a job depends on, so that editing one reruns what uses it."""

import ast
import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
STYLES = (".mplstyle", ".j2", ".css", ".js")
"""Files beside modules that change what the modules draw or write."""


def source_hash(*modules: str) -> str:
    """Hash of modules of this package and of all its modules that they import.

    Parameters
    ----------
    *modules : str
        Dotted names such as "memrob.studies.interpolation.run".

    Returns
    -------
    str
        Changes with any line of code of those modules, and with nothing else.
    """
    found: set[Path] = set()
    pending = [_path(module) for module in modules]
    while pending:
        path = pending.pop()
        if path is not None and path not in found:
            found.add(path)
            pending.extend(_imports(path))
    digest = hashlib.sha256()
    for path in sorted(found):
        digest.update(_code(path))
    for folder in sorted({path.parent for path in found}):
        for path in sorted(p for p in folder.rglob("*") if p.suffix in STYLES):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def _code(path: Path) -> bytes:
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
