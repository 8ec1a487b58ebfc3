"""What one thread of this machine can do at best."""

import time
from dataclasses import dataclass

import numba
import numpy as np

from memrob.numerics.packed import popcount

GIGA = 1e9
CACHED_WORDS = 2048
"""Words of 64 bits, 16 KiB: they stay in the first-level cache of any processor of today."""


@dataclass(frozen=True)
class Peaks:
    """Peak rates of one thread.

    Attributes
    ----------
    popcount : float
        and + popcount + add on cached data, G words of 64 bits a second.
    bandwidth : float
        Reading memory, GB/s.
    matrix_product : float
        float32 matrix product, GFLOP/s.
    """

    popcount: float
    bandwidth: float
    matrix_product: float


def best_of(first: Peaks, second: Peaks) -> Peaks:
    """Return the larger of two measurements for each rate."""
    return Peaks(
        max(first.popcount, second.popcount),
        max(first.bandwidth, second.bandwidth),
        max(first.matrix_product, second.matrix_product),
    )


def measure_peaks(runs: int = 9) -> Peaks:
    """Measure all three rates, each as the best of several runs.

    Parameters
    ----------
    runs : int
        Number of runs. The best is taken, not the median: what disturbs a run only slows it down.
    """
    return Peaks(_popcount_peak(runs), _bandwidth_peak(runs), _matrix_product_peak(runs))


@numba.njit
def _masked_popcount(words, masks, repeats):
    total = np.uint64(0)
    for _ in range(repeats):
        for m in range(len(masks)):
            mask = masks[m]
            for i in range(len(words)):
                total += popcount(words[i] & mask)
    return total


@numba.njit
def _sum(words):
    total = np.uint64(0)
    for i in range(len(words)):
        total += words[i]
    return total


def _popcount_peak(runs: int) -> float:
    rng = np.random.default_rng(0)
    words = _aligned(rng.integers(1 << 63, size=CACHED_WORDS, dtype=np.uint64))
    masks = rng.integers(1 << 63, size=64, dtype=np.uint64)
    repeats = 20_000 * 64 // CACHED_WORDS
    seconds = _best(lambda: _masked_popcount(words, masks, repeats), runs)
    return repeats * words.size * masks.size / seconds / GIGA


def _bandwidth_peak(runs: int) -> float:
    words = np.ones(1 << 26, dtype=np.uint64)
    return words.nbytes / _best(lambda: _sum(words), runs) / GIGA


def _matrix_product_peak(runs: int) -> float:
    a, b = np.random.default_rng(0).random((2, 2048, 2048), dtype=np.float32)
    out = np.empty_like(a)
    return 2 * 2048**3 / _best(lambda: np.matmul(a, b, out=out), runs) / GIGA


def _aligned(words: np.ndarray) -> np.ndarray:
    # Vectors of 64 bytes that straddle two cache lines are read at half the speed.
    space = np.empty(words.nbytes + 64, dtype=np.uint8)
    first = -space.ctypes.data % 64
    aligned = space[first : first + words.nbytes].view(words.dtype)
    aligned[:] = words
    return aligned


def _best(function, runs: int) -> float:
    function()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return min(seconds)
