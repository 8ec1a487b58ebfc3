"""Reference of the command `memrob`: what its own --help says."""

import contextlib
import io
import os
import re
from unittest.mock import patch

from memrob.cli import main


def pages() -> dict[str, str]:
    """The one page, by file."""
    lines = ["# Commands", "", "What `memrob --help` and `memrob COMMAND --help` print.", ""]
    for command in [None, *commands()]:
        lines += [f"## `memrob {command}`" if command else "## `memrob`", ""]
        lines += ["```text", help_text(command), "```", ""]
    return {"commands.md": "\n".join(lines)}


def commands() -> list[str]:
    """Names of the commands."""
    [listed] = re.findall(r"\n  COMMAND\n(.*?)\n\n", help_text(), re.DOTALL)
    return re.findall(r"^    (\w+)", listed, re.MULTILINE)


def help_text(command: str | None = None) -> str:
    """What `--help` prints, 88 characters a line."""
    printed = io.StringIO()
    environment = patch.dict(os.environ, COLUMNS="90", NO_COLOR="1")
    with environment, contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        main([command, "--help"] if command else ["--help"])
    return printed.getvalue().rstrip()
