"""Compilation of numba kernels: once a machine, safe when many processes start at once."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numba
from filelock import FileLock

from memrob.errors import UserError
from memrob.numerics.files import cache_folder


def _kernel_cache() -> Path:
    # numba invalidates a cached kernel by the date of its own file only, not by those of the
    # kernels that it calls; a folder named by the text of this package's kernels closes that gap.
    digest = hashlib.sha256(numba.__version__.encode())
    package = Path(__file__).parents[1]
    for source in sorted(package.glob("*/*.py")):
        text = source.read_bytes()
        if b"@compiled" in text or b"@inlined" in text:
            digest.update(text)
    return cache_folder() / "kernels" / digest.hexdigest()[:16]


_CACHE = _kernel_cache()


def compiled(*signatures) -> Callable:
    """Compile a kernel for the given signatures now, or load it from the cache.

    Parameters
    ----------
    *signatures : str or numba signature
        Every signature that callers use: nothing is compiled later, inside a timed loop.

    Returns
    -------
    callable
        A decorator. The kernel releases the GIL and is vectorised for this processor.

    Notes
    -----
    Two processes that write one numba cache at the same time can leave an index that names the
    wrong file. A lock around compilation and loading makes every process but the first wait.
    """

    def decorate(function: Callable) -> Callable:
        folder = numba.config.CACHE_DIR
        numba.config.CACHE_DIR = str(_CACHE)
        try:
            _CACHE.mkdir(parents=True, exist_ok=True)
            with FileLock(_CACHE / "lock"):
                return numba.njit(list(signatures), cache=True, nogil=True)(function)
        except OSError as error:
            raise UserError(
                f"{_CACHE}: compiled kernels cannot be kept there ({error.strerror}); name a "
                "folder that can be written in the environment variable MEMROB_CACHE"
            ) from None
        finally:
            numba.config.CACHE_DIR = folder

    return decorate


inlined = numba.njit(inline="always", nogil=True)
"""Decorator of the steps that kernels share; they are compiled into each kernel."""
