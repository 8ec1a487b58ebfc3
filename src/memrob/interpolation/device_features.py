"""Features of all points on a device, as torch tensors of zeros and ones or bit-packed."""

from dataclasses import dataclass

import numpy as np
import torch

from memrob.interpolation.first_layer import tiles_of
from memrob.numerics.packed import LANES, WORD_BITS


@dataclass(frozen=True)
class DeviceFeatures:
    """Features on a device, grouped by class in the order of `PackedFeatures`.

    Attributes
    ----------
    rows : (n_rows, n_columns) int8 or (n_rows, n_columns / 8) uint8 tensor
        One row per point: a feature per column, or eight per byte, the lowest bit first. A class
        begins at a multiple of 64 rows; the rows that it leaves over hold ones in every feature,
        so that they never attain a minimum alone. Columns beyond the last feature hold zeros.
    n_features : int
        Number of features.
    class_sizes : tuple of int
        Number of points of each class.
    workspace : int
        Bytes that blocks and tiles may take.
    """

    rows: torch.Tensor
    n_features: int
    class_sizes: tuple[int, ...]
    workspace: int

    @property
    def n_columns(self) -> int:
        """Number of features with padding, a multiple of 256."""
        return self.rows.shape[1] * (8 if self.packed else 1)

    @property
    def packed(self) -> bool:
        """Whether a byte holds eight features."""
        return self.rows.dtype == torch.uint8

    def row_range(self, k: int) -> tuple[int, int]:
        """First and past-the-last row of class k, padding included."""
        start = sum(tiles_of(size) for size in self.class_sizes[:k])
        return start * LANES, (start + tiles_of(self.class_sizes[k])) * LANES

    def other_row_ranges(self, k: int) -> list[tuple[int, int]]:
        """Ranges of rows of all classes but k."""
        start, stop = self.row_range(k)
        return [r for r in ((0, start), (stop, len(self.rows))) if r[0] < r[1]]

    def unpacked(self, rows: slice | torch.Tensor) -> torch.Tensor:
        """Some rows as zeros and ones, (., n_columns) int8."""
        return unpack_octets(self.rows[rows]) if self.packed else self.rows[rows]

    def masks(self, k: int, members: np.ndarray) -> torch.Tensor:
        """Masks u = 1 - Phi(x) of points of class k, zero beyond the last feature.

        Parameters
        ----------
        k : int
            The class.
        members : (m,) int
            Positions of the points within the class.

        Returns
        -------
        (m, n_columns) int8 tensor
        """
        index = torch.from_numpy(self.row_range(k)[0] + members).to(self.rows.device)
        masks = 1 - self.unpacked(index)
        masks[:, self.n_features :] = 0
        return masks

    def complement_masks(self, k: int, members: np.ndarray) -> np.ndarray:
        """Masks of points of class k in host memory, packed: (m, n_words) uint64."""
        words = np.empty((len(members), self.n_columns // WORD_BITS), dtype=np.uint64)
        block = max(self.workspace // (4 * self.n_columns), 1)
        for first in range(0, len(members), block):
            octets = pack_octets(self.masks(k, members[first : first + block]))
            words[first : first + block] = octets.cpu().numpy().view("<u8")
        return words


def pack_octets(bits: torch.Tensor) -> torch.Tensor:
    """Pack zeros and ones, (m, 8 j) int8 -> (m, j) uint8, the first into the lowest bit."""
    bits = bits.view(torch.uint8).unflatten(1, (bits.shape[1] // 8, 8))
    octets = bits[:, :, 0].clone()
    for place in range(1, 8):
        octets |= bits[:, :, place] << place
    return octets


def unpack_octets(octets: torch.Tensor) -> torch.Tensor:
    """Undo `pack_octets`: (m, j) uint8 -> (m, 8 j) int8."""
    places = torch.arange(8, dtype=torch.uint8, device=octets.device)
    bits = (octets[:, :, None] >> places).bitwise_and_(1)
    return bits.view(torch.int8).flatten(1)
