"""Writes the generated pages."""

from pathlib import Path

from docs.generator import api, columns, commands, configuration, figure_list, paper
from memrob.numerics.files import whole_file

ROOT = Path(__file__).parents[2]
EXAMPLES = "examples/"
"""Pages that sphinx-gallery makes."""


def write_pages(folder: Path) -> None:
    """Write every generated page, and remove what is none any more.

    Parameters
    ----------
    folder : path
        Of the pages; a page that is as it should be is left alone, so that it is not built again.
    """
    pages = all_pages()
    for name, text in pages.items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            with whole_file(path) as temporary:
                temporary.write_text(text, encoding="utf-8")
    for path in folder.rglob("*.*"):
        name = path.relative_to(folder).as_posix()
        if name not in pages and not name.startswith(EXAMPLES):
            path.unlink()


def all_pages(root: Path = ROOT) -> dict[str, str]:
    """Text of every generated page, by file."""
    data, kept = (
        (root / folder / "README.md").read_text(encoding="utf-8")
        for folder in ("data", "data/replication")
    )
    return {
        **figure_list.pages(root),
        "paper.md": paper.page(root),
        **commands.pages(),
        **configuration.pages(root),
        "data.md": data,
        "replication.md": kept,
        "columns.md": columns.page(),
        **api.pages(),
    }
