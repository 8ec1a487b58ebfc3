"""Writes the generated pages."""

from pathlib import Path

from docs.generator import api, commands, configuration, examples, figure_list, paper
from memrob.numerics.files import whole_file

ROOT = Path(__file__).parents[2]


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
        if path.relative_to(folder).as_posix() not in pages:
            path.unlink()


def all_pages(root: Path = ROOT) -> dict[str, str]:
    """Text of every generated page, by file."""
    data = (root / "data" / "README.md").read_text(encoding="utf-8")
    return {
        **examples.pages(root),
        **figure_list.pages(root),
        "paper.md": paper.page(root),
        **commands.pages(),
        **configuration.pages(root),
        "data.md": data,
        **api.pages(),
    }
