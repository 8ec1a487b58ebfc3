"""The command `memrob`."""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from memrob import __version__
from memrob.cli import complexity, dataset, interpolate, lipschitz, verify
from memrob.errors import UserError


class OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are the user's, in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise a UserError instead of printing the usage."""
        raise UserError(f"{message} (see {self.prog} --help)")


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
        the user's, of which one line on standard error tells.
    """
    parser = OneLineParser(
        prog="memrob",
        description="Memorization capacity and robustness of neural networks.",
        epilog="The figures of the thesis are made by: snakemake --cores 8",
    )
    parser.add_argument("--version", action="version", version=f"memrob {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    interpolate.add_parser(commands)
    complexity.add_parser(commands)
    lipschitz.add_parser(commands)
    dataset.add_parser(commands)
    verify.add_parser(commands)
    try:
        parsed = parser.parse_args(arguments)
        return parsed.run(parsed)
    except MemoryError as error:
        print(f"memrob: error: not enough memory ({error}); ask for less", file=sys.stderr)
        return 2
    except UserError as error:
        print(f"memrob: error: {error}", file=sys.stderr)
        return 2
