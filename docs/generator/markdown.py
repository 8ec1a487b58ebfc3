"""Pieces of Markdown."""

import re
from collections.abc import Sequence

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|$#~^])")


def plain(text: str) -> str:
    """Text that Markdown shows as it is, also in a cell of a table."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def code(text: object) -> str:
    """Text as code; YAML's spelling of true, false and null."""
    words = {True: "true", False: "false", None: "null"}
    shown = words[text] if text is None or isinstance(text, bool) else str(text)
    return f"`{shown}`"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Table of cells that are Markdown already; empty without rows."""
    if not rows:
        return ""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def toctree(documents: Sequence[str], depth: int = 1) -> str:
    """List of contents."""
    lines = ["```{toctree}", f":maxdepth: {depth}", "", *documents, "```"]
    return "\n".join(lines) + "\n"
