"""Makes reStructuredText of docstrings whose mathematics would be taken for markup."""

import re

# Text between backticks is code, and stays.
_CODE = re.compile(r"(``.+?``|`[^`]+`)")
# |S| would be a substitution, classes_ a reference, and * the beginning of emphasis.
_MARKUP = re.compile(r"(\||\*|(?<=\w)_(?!\w))")


def escape(lines: list[str]) -> None:
    """Escape, in place, what reStructuredText would take for markup outside code.

    Parameters
    ----------
    lines : list of str
        A docstring in numpydoc's form, before its sections are read.
    """
    literal = None
    for i, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if literal is not None and line.strip() and indent <= literal:
            literal = None
        if literal is None and not line.lstrip().startswith((">>>", "...")):
            lines[i] = _escaped(line)
            literal = indent if line.rstrip().endswith("::") else None


def _escaped(line: str) -> str:
    escaped, after_code = "", False
    for piece in _CODE.split(line):
        is_code = piece.startswith("`")
        # Code that a letter follows, as in plurals, must be told to end there.
        escaped += "\\ " if after_code and piece[:1].isalnum() else ""
        escaped += piece if is_code else _MARKUP.sub(r"\\\1", piece)
        after_code = is_code
    return escaped
