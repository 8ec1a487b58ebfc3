"""The command `memrob`."""

import argparse
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn, TextIO

from memrob import __version__
from memrob.cli.streams import run_printing
from memrob.errors import UserError

COMMANDS = {
    "interpolate": "construct a network that interpolates a data set",
    "complexity": "say how complex a data set is for an interpolating network",
    "lipschitz": "bound the Lipschitz constant of a ReLU network",
    "dataset": "build a data set of the catalogue as an NPZ file",
    "verify": "recompute a random sample of the rows of a table",
}
"""Commands in the order of ``memrob --help``, each a module of this package."""


NEGATIVE = re.compile(r"-(?:inf|nan|\.?[0-9][0-9.,eE+-]*)\Z", re.IGNORECASE)
"""Numbers below 0, or several with commas between them, as the value of an option."""


class OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are the user's, in one line."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        # Before Python 3.14 argparse takes -1e-3 and -1,2 for options.
        self._negative_number_matcher = NEGATIVE

    def error(self, message: str) -> NoReturn:
        """Raise a UserError instead of printing the usage."""
        raise UserError(f"{message} (see {self.prog} --help)")

    def _print_message(self, message: str, file: TextIO | None = None) -> None:
        # argparse passes over what cannot be written.
        print(message, end="", file=file)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Arguments without the program's name; those of the process if left out.

    Returns
    -------
    int
        0 if everything asked for was made, 1 if `verify` finds a difference, 2 for a mistake of
        the user's, of which one line on standard error tells; see
        `memrob.cli.streams.run_printing` for interrupts and output that cannot be written.
    """
    return run_printing(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = OneLineParser(
        prog="memrob",
        description="Memorization capacity and robustness of neural networks.",
        epilog="The figures of the thesis are made by: snakemake --cores 8",
    )
    parser.add_argument("--version", action="version", version=f"memrob {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    # Only the module of the command that runs is imported, so that none waits for the others.
    chosen = next((name for name in arguments if name in COMMANDS), None)
    for name, summary in COMMANDS.items():
        if name == chosen:
            import_module(f"memrob.cli.{name}").add_parser(commands)
        else:
            commands.add_parser(name, help=summary)
    parsed = parser.parse_args(arguments)
    try:
        return parsed.run(parsed)
    except UserError as error:
        raise UserError(_as_typed(str(error), arguments)) from error


def _as_typed(message: str, arguments: Sequence[str]) -> str:
    """Message on an argument of the package, `first_width: ...`, as one on the option typed."""
    name, colon, rest = message.partition(":")
    option = "--" + name.replace("_", "-")
    typed = any(argument.partition("=")[0] == option for argument in arguments)
    return option + colon + rest if typed else message
