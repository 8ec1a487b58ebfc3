"""Spectral norms of convolutions, bounded from above by Fourier transforms."""

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from memrob.lipschitz.upper.rounding import certainly_positive, gamma, power_of_two, raised

if TYPE_CHECKING:
    from memrob.lipschitz.operators.convolution import Geometry

BLOCK_NUMBERS = 2**22
"""Complex numbers of the transforms that are held at a time."""


def convolution_norm(kernel: np.ndarray, geometry: "Geometry", groups: int) -> float:
    """Upper bound of the spectral norm of a convolution with zero padding, rounding included.

    Parameters
    ----------
    kernel : ndarray of float64, shape (C_out, C_in / groups, k_h, k_w)
    geometry : Geometry
    groups : int

    Returns
    -------
    float

    Notes
    -----
    A convolution with zero padding is a convolution on a torus that holds the padded input, between
    an embedding and a restriction, whose norms are 1. A stride s makes it a convolution of stride 1
    of the s_h s_w shifted, subsampled inputs, which are an orthogonal decomposition. On a torus
    the Fourier transform turns a convolution into one matrix for each frequency, so that its norm
    is the largest of theirs (H. Sedghi, V. Gupta, P. M. Long, *The singular values of
    convolutional layers*, ICLR 2019; the stride and the certificate are our own derivation). The
    norm of each matrix is certified as in `memrob.lipschitz.upper.spectral`.
    """
    largest = np.abs(kernel).max(initial=0.0)
    if largest == 0:
        return 0.0
    if not np.isfinite(largest):
        return np.inf
    scale = power_of_two(largest)
    found = 0.0
    for part in np.split(kernel / scale, groups):
        found = max(found, _norm_of_group(part, geometry, found))
    return float(raised(scale * found))


def _norm_of_group(kernel: np.ndarray, geometry: "Geometry", known: float) -> float:
    """Upper bound for one group of channels; at least `known`, which need not be exceeded."""
    waves, phases = zip(*(_waves(kernel, geometry, axis) for axis in (0, 1)), strict=True)
    out, inner = kernel.shape[:2]
    height, width = len(waves[0]), len(waves[1])
    # Of each frequency and its negative, whose matrices are conjugate, one is enough.
    width_kept = width // 2 + 1
    rows = max(1, BLOCK_NUMBERS // (width_kept * out * inner * phases[0].max().item() + 1))
    square = known**2
    error = gamma(kernel[0, 0].size + 64) * raised(np.linalg.norm(np.abs(kernel).sum(axis=(2, 3))))
    for start in range(0, height, rows):
        part = slice(start, min(start + rows, height))
        symbols = _symbols(kernel, waves[0][part], waves[1][:width_kept], *phases)
        square = _largest_square(symbols.reshape(-1, *symbols.shape[2:]), square)
    return float(raised(np.sqrt(square) + error))


def _waves(kernel: np.ndarray, geometry: "Geometry", axis: int) -> tuple[np.ndarray, np.ndarray]:
    """exp(2 pi i f t) for frequencies f and taps (T, k), and the phase of each tap (k,)."""
    stride, taps = geometry.strides[axis], np.arange(kernel.shape[2 + axis])
    padded = geometry.size[axis] + geometry.pads[axis] + geometry.pads[axis + 2]
    length = -(-padded // stride)
    places = taps * geometry.dilations[axis]
    # Integers modulo the length, so that the angle is rounded once.
    turns = np.outer(np.arange(length), places // stride) % length
    return np.exp(2j * np.pi * turns / length), places % stride


def _symbols(kernel, rows, columns, row_phases, column_phases) -> np.ndarray:
    """Matrices of the frequencies, (F_h, F_w, C_out, C_in * phases)."""
    parts = []
    for phase in product(np.unique(row_phases), np.unique(column_phases)):
        i, j = np.flatnonzero(row_phases == phase[0]), np.flatnonzero(column_phases == phase[1])
        taps = kernel[:, :, i[:, None], j]
        half = np.einsum("oiab,gb->goia", taps, columns[:, j])
        parts.append(np.einsum("goia,fa->fgoi", half, rows[:, i]))
    return np.concatenate(parts, axis=3)


def _largest_square(matrices: np.ndarray, square: float) -> float:
    """Upper bound of `square` and of the squares of the norms of complex matrices (F, m, n)."""
    if matrices.shape[1] > matrices.shape[2]:
        matrices = matrices.conj().mT
    grams = matrices @ matrices.conj().mT
    size, terms = grams.shape[1], matrices.shape[2]
    traces = np.einsum("fii->f", grams).real
    # The largest sum of a row bounds the largest eigenvalue: most frequencies end here.
    simple = raised(np.abs(grams).sum(axis=2).max(axis=1), 2 * terms + size)
    slack = 8 * gamma(terms + 8) * raised(traces, terms * size)
    for index in np.argsort(-simple, kind="stable"):
        if simple[index] + slack[index] <= square:
            break
        real, imaginary = grams[index].real, grams[index].imag
        embedded = np.block([[real, -imaginary], [imaginary, real]])
        embedded = (embedded + embedded.T) / 2
        if square and _exceeds(square, embedded, slack[index]):
            continue
        value, excess = max(float(np.linalg.eigvalsh(embedded)[-1]), square), 1e-8
        while not _exceeds(value * (1 + excess), embedded, slack[index]):
            excess *= 10
        square = value * (1 + excess)
    return square


def _exceeds(square: float, gram: np.ndarray, error: float) -> bool:
    difference = -gram
    difference[np.diag_indices_from(gram)] += square
    return certainly_positive(difference, error)
