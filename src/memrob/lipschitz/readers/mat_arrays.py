"""Arrays of a .mat file, in a process of their own.

SciPy's reader of damaged files may end its process, which no handler of errors catches, or ask for
any amount of memory. This file runs as a script, in which nothing of the package is imported.
"""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

LEAST_MEMORY = 2**31
"""Bytes of address space that the libraries take by themselves, with some to spare."""

OTHER = np.array("neither numbers nor cells")
"""Stands for structures, texts and nested cells."""


class DamagedError(Exception):
    """A file that cannot be read, and why."""


def mat_arrays(path: Path, memory: float) -> dict[str, np.ndarray]:
    """Arrays of a .mat file by name; cell n of the cell array weights is weights{n}.

    Parameters
    ----------
    path : Path
    memory : float
        Bytes that may be taken.

    Raises
    ------
    DamagedError
        With a reason of one line.
    """
    command = [sys.executable, __file__, os.fspath(path.resolve()), str(int(memory))]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        reason = said[-1] if said and done.returncode == 1 else "its sizes contradict each other"
        raise DamagedError(reason)
    with np.load(io.BytesIO(done.stdout), allow_pickle=False) as arrays:
        return dict(arrays)


def _main(path: str, memory: str) -> int:
    from scipy.io import loadmat

    _limit(int(memory))
    try:
        found = loadmat(path, appendmat=False, chars_as_strings=False)
        arrays = dict(_flat(found))
    except Exception as error:  # whatever a damaged file makes its reader raise
        print((str(error).strip() or type(error).__name__).splitlines()[0], file=sys.stderr)
        return 1
    np.savez(sys.stdout.buffer, **arrays)
    return 0


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    most = max(memory, LEAST_MEMORY)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _flat(found: dict):
    for name, value in found.items():
        if name.startswith("__"):
            continue
        if getattr(value, "dtype", np.dtype(bool)).kind == "O":
            for number, cell in enumerate(value.ravel(), start=1):
                yield f"{name}{{{number}}}", _numeric(cell)
        else:
            yield name, _numeric(value)


def _numeric(value) -> np.ndarray:
    # A sparse matrix of MATLAB.
    value = value.toarray() if hasattr(value, "toarray") else value
    value = np.asarray(value) if getattr(value, "dtype", None) is not None else OTHER
    return value if value.dtype.kind in "biufc" else OTHER


if __name__ == "__main__":
    # The folder of this file is no place to import from.
    sys.path.pop(0)
    sys.exit(_main(*sys.argv[1:]))
