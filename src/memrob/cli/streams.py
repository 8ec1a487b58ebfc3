"""Standard output and error of the command: closed, full, interrupted, or without Unicode."""

import errno
import io
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

from memrob.errors import UserError

INTERRUPTED = 128 + signal.SIGINT
"""Exit status after Ctrl-C, as shells report it."""

READER_GONE = 128 + getattr(signal, "SIGPIPE", 13)
"""Exit status if the reader of a pipe ended first, as shells report it."""

_OUTPUT_ERRORS = {
    errno.EPIPE,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
    errno.EBADF,
}


def run_printing(command: Callable[[], int]) -> int:
    """Run a command that prints, and end without a traceback whatever standard output is.

    Parameters
    ----------
    command : callable
        Prints, and returns the exit status.

    Returns
    -------
    int
        That of the command; 2 for a mistake of the user's or if standard output cannot be
        written, with one line on standard error; `READER_GONE` if the reader of a pipe has
        closed it, and `INTERRUPTED` after Ctrl-C.
    """
    try:
        try:
            _open_streams()
            return command()
        finally:
            # Here, since what fails when the interpreter ends can no longer be reported.
            if sys.stdout is not None:
                sys.stdout.flush()
    except UserError as error:
        return _mistake(str(error))
    except MemoryError as error:
        return _mistake(f"not enough memory ({error}); ask for less")
    except KeyboardInterrupt:
        # A second Ctrl-C must not interrupt the end.
        with suppress(ValueError):
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        _discard_output()
        _say("interrupted")
        return INTERRUPTED
    except OSError as error:
        if not _is_of_output(error):
            raise
        _discard_output()
        if isinstance(error, BrokenPipeError):
            return READER_GONE
        return _mistake(f"standard output cannot be written ({error.strerror or error})")


def _open_streams() -> None:
    # A file opened next would get the number of a closed stream, and stray output with it.
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stdout is None:
        raise UserError("standard output is closed; send it to a file or to /dev/null")
    # Names in a table may have letters that the terminal has not.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _is_of_output(error: OSError) -> bool:
    # Whoever reads and writes files names them.
    return error.filename is None and error.errno in _OUTPUT_ERRORS


def _discard_output() -> None:
    with suppress(OSError, ValueError, AttributeError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
        sys.stdout.flush()


def _mistake(message: str) -> int:
    # In one line, whatever the names of files and classes are.
    _say(f"error: {printable(message)}")
    return 2


def printable(text: str) -> str:
    """A text whose line breaks and control characters are escaped."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _say(message: str) -> None:
    # print would take standard output for a standard error that is closed.
    if sys.stderr is not None:
        with suppress(OSError):
            print(f"memrob: {message}", file=sys.stderr, flush=True)
