"""Numbers of eight significant bits (bfloat16), held as float32, and their products by torch.

torch is imported only when something is multiplied.
"""

import numpy as np

SHORT_ROUNDING = 2.0**-8
"""Half a unit in the last place of 1, in bfloat16."""

LEAST = 2.0**-126
"""Least normal number of float32 and bfloat16; processors may take what is below it for zero."""


def short_parts(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two float32 arrays, exact in bfloat16, whose sum is within 2^-16 of the values, relatively.

    Numbers that float32 holds with fewer bits (subnormal) are off by less than `LEAST`.
    """
    first = rounded_to_short(values)
    return first, rounded_to_short(values - first)


def rounded_to_short(values: np.ndarray) -> np.ndarray:
    """The nearest bfloat16 numbers, as float32; of two, that with the even last bit."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    half = np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    return ((bits + half) & np.uint32(0xFFFF0000)).view(np.float32)


def short_product(weights: np.ndarray, points: np.ndarray, out: np.ndarray, threads: int) -> None:
    """W x for numbers that are exact in bfloat16, summed in float32.

    Parameters
    ----------
    weights : (n, d) float32
    points : (m, d) float32
    out : (n, m) float32
        Overwritten.
    threads : int
        Threads to use.
    """
    import torch

    setting = torch.backends.mkldnn.matmul
    precision, threads_before = setting.fp32_precision, torch.get_num_threads()
    setting.fp32_precision = "bf16"
    torch.set_num_threads(threads)
    try:
        left, right = torch.from_numpy(weights), torch.from_numpy(points)
        torch.matmul(left, right.T, out=torch.from_numpy(out))
    finally:
        setting.fp32_precision = precision
        torch.set_num_threads(threads_before)
