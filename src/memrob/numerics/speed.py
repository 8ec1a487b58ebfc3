"""How fast this machine is, measured once and kept: predicted times are for a core known to us."""

import json
import os
import platform
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from memrob.numerics.bfloat16 import short_product
from memrob.numerics.files import cache_folder, whole_file

RUNS = 7
"""Of each measurement; the fastest counts, as other work can only slow one down."""

SIZE = 1024
"""Rows and columns of the matrices."""

N_GROUPS, N_FEATURES, N_MASKS = 16, 512, 32
"""Of the features that are counted: they fit a cache."""

STEPS = 300_000
"""Of the interpreted loop."""


@dataclass(frozen=True)
class Speed:
    """What one core does in a second, on data that fit its caches.

    Attributes
    ----------
    matrix_flops : float
        Multiplications and additions of a float32 matrix product.
    counts : float
        Points times features of packed data that are counted in slices.
    short_flops : float
        As `matrix_flops`, by two products of bfloat16 parts in place of one in float32; 0 if torch,
        which multiplies them, is not installed.
    steps : float
        Steps of an interpreted loop.
    """

    matrix_flops: float
    counts: float
    short_flops: float
    steps: float


REFERENCE = Speed(9e10, 2.4e12, 0.0, 3.6e7)
"""The core for which times are predicted: of a server without a vector popcount (AVX2).

Its interpreted steps are those of the newer core on which times that are neither of products nor of
counts were measured.
"""

LEAST_GAIN = 1.25
"""Products in bfloat16 are used where they are so many times as fast."""

MOST = 1000.0
"""A core that seems so many times as fast or as slow as the reference was measured wrongly."""


def measure_speed() -> Speed:
    """Measure this machine, in about a second."""
    from threadpoolctl import threadpool_limits

    from memrob.numerics.packed import UNBOUNDED
    from memrob.numerics.sliced import GROUP, sliced_minima

    rng = np.random.default_rng(0)
    square = rng.random((SIZE, SIZE), dtype=np.float32)
    shape = (N_GROUPS, N_FEATURES + 1, GROUP)
    slices = rng.integers(1 << 63, size=shape, dtype=np.uint64)
    masks = rng.integers(1 << 63, size=(N_MASKS, N_FEATURES // 64), dtype=np.uint64)

    def count() -> None:
        minima = np.full(N_MASKS, UNBOUNDED, np.uint64)
        sliced_minima(slices, 0, N_GROUPS * GROUP, masks, minima)

    with threadpool_limits(1):
        product_seconds = _fastest(lambda: square @ square)
    counted = 64 * GROUP * N_GROUPS * N_FEATURES * N_MASKS
    return Speed(
        matrix_flops=2 * SIZE**3 / product_seconds,
        counts=counted / _fastest(count),
        short_flops=_short_flops(square),
        steps=STEPS / _fastest(_interpreted),
    )


def _short_flops(square: np.ndarray) -> float:
    if find_spec("torch") is None:
        return 0.0
    parts, out = np.tile(np.rint(255 * square), 2), np.empty_like(square)
    return 2 * SIZE**3 / _fastest(lambda: short_product(parts, parts, out, threads=1))


def _interpreted() -> int:
    total = 0
    for number in range(STEPS):
        total += number * number
    return total


def _fastest(work: Callable) -> float:
    seconds = []
    for _ in range(RUNS):
        start = time.thread_time()
        work()
        seconds.append(time.thread_time() - start)
    return min(seconds)


def keep_speed(speed: Speed) -> None:
    """Keep what was measured, for this machine, if the cache folder takes it."""
    kept = {"machine": _machine(), **asdict(speed)}
    # What cannot be kept is a guess the less, and no reason to stop.
    with suppress(OSError), whole_file(_path()) as temporary:
        temporary.write_text(json.dumps(kept) + "\n")


def kept_speed() -> Speed | None:
    """What was measured on this machine and kept; None if that is not known.

    A file that is damaged, or says what no core can do, is passed over.
    """
    try:
        kept = json.loads(_path().read_text())
        if kept["machine"] != _machine():
            return None
        found = Speed(**{name: float(kept[name]) for name in asdict(REFERENCE)})
        always = ("matrix_flops", "counts", "steps")
        ratios = [getattr(found, name) / getattr(REFERENCE, name) for name in always]
    except (OSError, ValueError, KeyError, TypeError, ArithmeticError, RecursionError):
        return None  # a guess is no reason to stop
    # Not a number is outside, too.
    possible = all(1 / MOST < ratio < MOST for ratio in ratios)
    return found if possible and 0 <= found.short_flops < MOST * REFERENCE.matrix_flops else None


def short_products_pay() -> bool:
    """Whether products in bfloat16 are known to be the faster ones on this machine."""
    kept = kept_speed()
    return kept is not None and kept.short_flops > LEAST_GAIN * kept.matrix_flops


def _path() -> Path:
    return cache_folder() / "speed.json"


def _machine() -> str:
    # A cache folder may be shared by machines, and virtual ones often have the same name. The
    # environment may choose other kernels for products.
    from llvmlite.binding import get_host_cpu_name

    chosen = os.environ.get("OPENBLAS_CORETYPE", "")
    return f"{platform.node()} {platform.machine()} {get_host_cpu_name()} {chosen}".rstrip()
