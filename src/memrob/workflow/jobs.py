"""Scripts of the workflow: run by Snakemake with a log, or from a shell with the same arguments."""

import argparse
import errno
import inspect
import json
import os
import signal
import sys
import threading
import traceback
import types
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path

from memrob.errors import UserError
from memrob.workflow import notes
from memrob.workflow.notes import Note

REMEDIES = {
    errno.ENOSPC: "free some",
    errno.EDQUOT: "free some",
    errno.EACCES: "give yourself access",
    errno.EPERM: "give yourself access",
    errno.EROFS: "make it writable",
}
"""What is the user's to mend when a file cannot be read or written."""

_WATCH_SECONDS = 1.0
_UNWINDING_SECONDS = 20.0


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
    try:
        with _logged(Path(snakemake.log[0])), _stopped_with_its_run():
            function(**{name: _converted(function, name, v) for name, v in arguments.items()})
    except KeyboardInterrupt:
        # Before the log is open, or a second one while the first is written down.
        raise SystemExit(130) from None


def configuration_of(wildcards) -> str:
    """Path of the configuration of the experiment that a job's wildcards name."""
    return f"config/experiments/{wildcards.part}/{wildcards.experiment}.yaml"


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
    terminal, name = sys.stderr, log.as_posix()
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        notes.write_note(Note(name, notes.AT_WORK))
        stream = log.open("w", buffering=1)
    except OSError as error:
        print(f"memrob: error: {_mistake(error) or error}", file=terminal)
        raise SystemExit(2) from None
    with stream, redirect_stdout(stream), redirect_stderr(stream):
        try:
            yield
        except KeyboardInterrupt:
            _end(Note(name, notes.STOPPED), stream, "stopped by a signal")
            raise SystemExit(130) from None
        except UserError as error:
            # The run tells of it at its end, once, however many jobs meet it.
            _end(Note(name, notes.MISTAKE, str(error)), stream, f"error: {error}")
            raise SystemExit(2) from None
        except BaseException as error:
            if (mistake := _mistake(error)) is not None:
                _end(Note(name, notes.MISTAKE, mistake), stream, f"error: {mistake}")
                raise SystemExit(2) from None
            _end(Note(name, notes.FAILED), stream, traceback.format_exc().rstrip())
            print(f"memrob: a job failed; its traceback is in {log}", file=terminal)
            raise SystemExit(1) from None
    notes.remove_note(name)


def _end(note: Note, stream: typing.TextIO, text: str) -> None:
    # On a full disk not even this can be written; the terminal still gets the run's own line.
    for write in (lambda: notes.write_note(note), lambda: print(text, file=stream, flush=True)):
        with suppress(OSError):
            write()


def _mistake(error: BaseException) -> str | None:
    """The user's part in an error, in one line: a full disk, or a folder that is read-only."""
    if not isinstance(error, OSError) or error.errno not in REMEDIES:
        return None
    where = f"{os.fsdecode(error.filename)}: " if error.filename is not None else ""
    remedy = f"{REMEDIES[error.errno]} and run the same command again"
    return f"{where}{error.strerror}; {remedy}"


@contextmanager
def _stopped_with_its_run() -> Iterator[None]:
    """Turn a request to end into an interrupt, and the death of the run into such a request.

    A job that outlives a killed run would write beside the jobs of the next one.
    """
    done, parent = threading.Event(), os.getppid()

    def watch():
        while not done.wait(_WATCH_SECONDS):
            if os.getppid() != parent:
                # A signal, since that also wakes a job that waits for something.
                signal.pthread_kill(threading.main_thread().ident, signal.SIGTERM)
                # A compiled kernel may hear of it only when it returns.
                if not done.wait(_UNWINDING_SECONDS):
                    os._exit(130)

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        done.set()
        signal.signal(signal.SIGTERM, before)


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
