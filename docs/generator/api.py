"""Reference of the package: a page per folder of it, from the docstrings."""

import pkgutil
from importlib import import_module
from types import ModuleType

import memrob
from docs.generator.markdown import toctree


def pages() -> dict[str, str]:
    """Pages by file: one a package, and their list of contents."""
    modules = {memrob.__name__: []}
    for found in pkgutil.walk_packages(memrob.__path__, f"{memrob.__name__}."):
        package, _, name = found.name.rpartition(".")
        if found.ispkg:
            modules[found.name] = []
        elif not name.startswith("__"):
            modules[package].append(found.name)
    written = {f"api/{name}.rst": page(name, inside) for name, inside in modules.items()}
    return {"api/index.md": _index(sorted(modules))} | written


def page(package: str, modules: list[str]) -> str:
    """Page of a package, in the language of the docstrings."""
    lines = [package, "=" * len(package), "", *_directive(package)]
    lines.append(_imported(import_module(package)))
    for module in modules:
        lines += [module, "-" * len(module), "", *_directive(module)]
    return "\n".join(lines)


def _directive(module: str) -> list[str]:
    options = [":members:", ":ignore-module-all:", ":member-order: bysource"]
    return [f".. automodule:: {module}", *(f"   {option}" for option in options), ""]


def _imported(package: ModuleType) -> str:
    """Say what can be imported from the package itself, and where it is documented."""
    items = []
    for name in getattr(package, "__all__", []):
        thing = getattr(package, name)
        home = getattr(thing, "__module__", None)
        items.append(f":py:obj:`{name} <{home}.{name}>`" if callable(thing) else f"``{name}``")
    return f"Can be imported from ``{package.__name__}``: {', '.join(items)}.\n" if items else ""


def _index(packages: list[str]) -> str:
    return "\n".join(
        [
            "# Python",
            "",
            "Functions and classes of the package `memrob`, a page for each folder of it. Imports",
            "run one way: commands, scripts and figures import the parts, and these the numerics.",
            "",
            toctree(packages),
        ]
    )
