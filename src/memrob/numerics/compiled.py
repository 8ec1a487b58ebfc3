"""Compilation of numba kernels: once a machine, safe when many processes start at once."""

import functools
import hashlib
import threading
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


class Kernel:
    """A function that numba compiles, or loads from the cache, when it is first called.

    Parameters
    ----------
    function : callable
        The kernel as Python.
    signatures : sequence of str or numba signature
        Every signature that callers use: there is no other compilation later.

    Notes
    -----
    Not when its module is imported: all that reads the configuration imports the studies, and
    would wait for kernels that it never calls.

    Two processes that write one numba cache at the same time can leave an index that names the
    wrong file. A lock around compilation and loading makes every process but the first wait.
    """

    def __init__(self, function: Callable, signatures) -> None:
        functools.update_wrapper(self, function)
        self._signatures = list(signatures)
        self._compiled: Callable | None = None

    def __call__(self, *arguments):
        """Call the kernel, compiled for this processor."""
        if self._compiled is None:
            self.compile()
        return self._compiled(*arguments)

    def compile(self) -> None:
        """Compile for this processor, or load what was compiled for it, unless that is done.

        Raises
        ------
        UserError
            If compiled kernels cannot be kept in the cache folder.
        """
        with _ONE_THREAD:
            if self._compiled is not None:
                return
            folder = numba.config.CACHE_DIR
            numba.config.CACHE_DIR = str(_CACHE)
            try:
                _CACHE.mkdir(parents=True, exist_ok=True)
                with FileLock(_CACHE / "lock"):
                    make = numba.njit(self._signatures, cache=True, nogil=True)
                    self._compiled = make(self.__wrapped__)
            except OSError as error:
                raise UserError(
                    f"{_CACHE}: compiled kernels cannot be kept there ({error.strerror}); name a "
                    "folder that can be written in the environment variable MEMROB_CACHE"
                ) from None
            finally:
                numba.config.CACHE_DIR = folder


# numba's cache folder is a setting of the process.
_ONE_THREAD = threading.RLock()
_KERNELS: list[Kernel] = []


def compiled(*signatures) -> Callable[[Callable], Kernel]:
    """Declare a kernel with all its signatures; it releases the GIL.

    Parameters
    ----------
    *signatures : str or numba signature
        Every signature that callers use.

    Returns
    -------
    callable
        A decorator that makes a `Kernel`.
    """

    def decorate(function: Callable) -> Kernel:
        kernel = Kernel(function, signatures)
        _KERNELS.append(kernel)
        return kernel

    return decorate


def compile_kernels() -> None:
    """Compile or load every kernel of the modules that are imported: none inside a timed loop."""
    for kernel in _KERNELS:
        kernel.compile()


inlined = numba.njit(inline="always", nogil=True)
"""Decorator of the steps that kernels share; they are compiled into each kernel."""

summed_in_any_order = numba.njit(fastmath={"reassoc", "contract"}, nogil=True)
"""Decorator of steps with a sum whose order is of no account, and may differ by processor."""
