"""Scripts of the workflow: run by Snakemake with a log, or from a shell with the same arguments."""

import argparse
import inspect
import json
import sys
import traceback
import types
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from memrob.errors import UserError

USER_ERRORS = Path(".snakemake/memrob-user-errors")
"""Where jobs leave the user's mistakes, for the run to end with them and with status 2."""


def run_job(snakemake, function: Callable, **arguments) -> None:
    """Call a function as a Snakemake job: output and a traceback, if any, go to the job's log.

    Parameters
    ----------
    snakemake
        The object that Snakemake hands to a script.
    function : callable
        Does the job.
    **arguments
        Arguments of the function; strings are turned into paths where it is annotated so.
    """
    with _logged(Path(snakemake.log[0])):
        function(**{name: _converted(function, name, v) for name, v in arguments.items()})


def run_shell(function: Callable) -> None:
    """Call a function with arguments from the command line, an option for each parameter."""
    parser = argparse.ArgumentParser(description=(inspect.getdoc(function) or "").split("\n")[0])
    for name, parameter in inspect.signature(function).parameters.items():
        kind = _scalar(parameter.annotation)
        kind = json.loads if kind is dict else kind
        parser.add_argument(
            "--" + name.replace("_", "-"),
            type=kind,
            nargs="*" if typing.get_origin(parameter.annotation) is list else None,
            required=parameter.default is parameter.empty,
            default=None if parameter.default is parameter.empty else parameter.default,
        )
    try:
        function(**vars(parser.parse_args()))
    except UserError as error:
        print(f"{parser.prog}: error: {error}", file=sys.stderr)
        raise SystemExit(2) from None


@contextmanager
def _logged(log: Path) -> Iterator[None]:
    log.parent.mkdir(parents=True, exist_ok=True)
    terminal = sys.stderr
    with log.open("w", buffering=1) as stream, redirect_stdout(stream), redirect_stderr(stream):
        try:
            yield
        except UserError as error:
            # The run tells of it at its end, once, however many jobs meet it.
            print(f"error: {error}", file=stream)
            USER_ERRORS.parent.mkdir(exist_ok=True)
            with USER_ERRORS.open("a") as errors:
                errors.write(f"{error}\n")
            raise SystemExit(2) from None
        except BaseException:
            traceback.print_exc(file=stream)
            print(f"memrob: a job failed; its traceback is in {log}", file=terminal)
            raise SystemExit(1) from None


def _scalar(annotation: object) -> type:
    if typing.get_origin(annotation) is dict:
        return dict
    if typing.get_origin(annotation) in (typing.Union, types.UnionType, list):
        return _scalar(typing.get_args(annotation)[0])
    return annotation if isinstance(annotation, type) else str


def _converted(function: Callable, name: str, value: object) -> object:
    annotation = inspect.signature(function).parameters[name].annotation
    if _scalar(annotation) is not Path or value is None:
        return value
    if typing.get_origin(annotation) is list:
        return [Path(str(item)) for item in value]
    return Path(str(value))
