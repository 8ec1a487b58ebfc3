"""Links that lead to a file of the repository in the sources, and to a page here."""

import re
from pathlib import Path

_LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
PAGES = {
    "data/README.md": "data.md",
    "data/replication/README.md": "replication.md",
    "src/memrob/cli": "commands.md",
    "src/memrob/studies": "configuration/index.md",
    "config/experiments": "figures/index.md",
    "config/config.yaml": "configuration/config.md",
    "src/memrob": "api/index.md",
}
"""Generated page that stands for a path of the repository."""


def led_to_pages(text: str, document: str) -> str:
    """Replace links of a document's Markdown to paths that have a page of their own.

    Parameters
    ----------
    text : str
        Markdown.
    document : str
        Its name, relative to docs/ and without suffix.
    """
    folder = Path("docs", document).parent

    def replaced(match: re.Match) -> str:
        path = _normal(folder / match[1])
        if path.startswith("docs/examples/") and path.endswith(".py"):
            page = f"examples/{Path(path).stem}.rst"
        elif path in PAGES:
            page = PAGES[path]
        elif path.startswith("src/memrob/"):
            page = f"api/{path.removeprefix('src/').replace('/', '.')}.rst"
        else:
            return match[0]
        return f"](/generated/{page})"

    return _LINK.sub(replaced, text)


def _normal(path: Path) -> str:
    steps: list[str] = []
    for step in path.parts:
        if step == ".." and steps:
            steps.pop()
        else:
            steps.append(step)
    return "/".join(steps)
