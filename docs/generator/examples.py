"""Examples as pages: scripts whose comments after `# %%` are the text."""

import re
from pathlib import Path


def pages(root: Path) -> dict[str, str]:
    """Pages by file, one a script of docs/examples."""
    scripts = sorted((root / "docs" / "examples").glob("*.py"))
    return {f"examples/{path.stem}.md": page(path.read_text(encoding="utf-8")) for path in scripts}


def page(script: str) -> str:
    """Page of a script: its docstring, then text and code in turn."""
    heading, *cells = re.split(r"^# %%\n", script, flags=re.MULTILINE)
    _, docstring, code = heading.split('"""', 2)
    title, _, text = docstring.strip().partition("\n")
    lines = [f"# {title.rstrip('.')}", text, _block(code)]
    for cell in cells:
        comment, code = re.match(r"((?:#[^\n]*\n)*)(.*)", cell, re.DOTALL).groups()
        lines += [re.sub(r"^# ?", "", comment, flags=re.MULTILINE), _block(code)]
    return "\n".join(lines)


def _block(code: str) -> str:
    return f"```python\n{code.strip()}\n```\n" if code.strip() else ""
