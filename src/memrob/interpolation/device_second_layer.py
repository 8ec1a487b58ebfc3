"""Second layer in torch: counts of blocks of candidates as products of zeros and ones.

<u, Phi(x)> for all candidates of a block and all points of a tile is one matrix product. It is
exact: of int8 with sums in int32, or of float32, whose sums of zeros and ones are integers below
2^24, exact in any order and in every format that torch takes for float32.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import torch

from memrob.interpolation.device_features import DeviceFeatures
from memrob.numerics.packed import LANES

LARGEST_BLOCK = 1024
"""Candidates that are evaluated together at most."""

BLOCK_STEP = 32
"""Rows of zeros fill a block up to a multiple of this, which products of int8 need."""

Product = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
"""Masks (m, n_columns) and features (t, n_columns), int8, to their counts (m, t)."""


def int8_product(masks: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
    """Counts in int32; m must be above 16, t and n_columns multiples of 8."""
    return torch._int_mm(masks, features.T)


def float32_product(masks: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
    """Counts in float32."""
    return masks.float() @ features.float().T


@cache
def product_on(device: torch.device) -> Product:
    """Product of int8 where the device has one, else of floats."""
    ones = torch.ones((BLOCK_STEP, 256), dtype=torch.int8, device=device)
    try:
        exact = bool((int8_product(ones, ones) == 256).all())
    except (RuntimeError, AttributeError):
        exact = False
    return int8_product if exact else float32_product


class DeviceEvaluator:
    """Evaluates blocks of candidates of one class on a device: an `Evaluator`.

    Parameters
    ----------
    features : DeviceFeatures
        Features of all classes; all classes but k are X+.
    k : int
        The class of the candidates.
    tolerated : int
        Points of X+ at which a neuron may fire.
    product : callable, optional
        `int8_product` or `float32_product`; `product_on` by default.
    """

    first_block = BLOCK_STEP

    def __init__(
        self,
        features: DeviceFeatures,
        k: int,
        tolerated: int = 0,
        product: Product | None = None,
    ):
        self.features = features
        self.k = k
        self.tolerated = tolerated
        self.product = product or product_on(features.rows.device)
        # A feature of a mask or of a tile is held as int8, and once more as float32 for products
        # of floats or, unpacked from bytes, once more as uint8.
        self._bytes_a_feature = 6 if self.product is float32_product else 3

    @property
    def n_candidates(self) -> int:
        """Points of the class."""
        return self.features.class_sizes[self.k]

    @property
    def largest_block(self) -> int:
        """Candidates whose masks and answers take half of the workspace, 1024 at most."""
        features = self.features
        start, stop = features.row_range(self.k)
        a_candidate = self._bytes_a_feature * features.n_columns + 2 * (stop - start)
        return int(np.clip(features.workspace // (2 * a_candidate), 1, LARGEST_BLOCK))

    def __call__(self, block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Minima over X+ and members of the class that fire, for candidates (m,) of the class.

        Returns
        -------
        (m,) int64 and (m, class size) bool
        """
        masks = self._filled_up(self.features.masks(self.k, block))
        minima = self._thresholds(masks)
        fires = self._fires(masks, minima)[: len(block), : self.features.class_sizes[self.k]]
        return minima[: len(block)].cpu().numpy().astype(np.int64), fires.cpu().numpy()

    def _filled_up(self, masks: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.pad(masks, (0, 0, 0, -len(masks) % BLOCK_STEP))

    def _thresholds(self, masks: torch.Tensor) -> torch.Tensor:
        # Rows that fill up a class hold ones, so their counts are no smaller than any other.
        smallest = []
        for start, stop in self.features.other_row_ranges(self.k):
            for counts in self._counts(masks, start, stop):
                smallest = [self._smallest(torch.cat([*smallest, self._smallest(counts)], dim=1))]
        return smallest[0].amax(dim=1)

    def _smallest(self, counts: torch.Tensor) -> torch.Tensor:
        if self.tolerated == 0:
            return counts.amin(dim=1, keepdim=True)
        n_kept = min(self.tolerated + 1, counts.shape[1])
        return counts.topk(n_kept, dim=1, largest=False).values

    def _fires(self, masks: torch.Tensor, minima: torch.Tensor) -> torch.Tensor:
        tiles = self._counts(masks, *self.features.row_range(self.k))
        return torch.cat([counts < minima[:, None] for counts in tiles], dim=1)

    def _counts(self, masks: torch.Tensor, start: int, stop: int):
        size = self._tile_size(len(masks))
        for first in range(start, stop, size):
            tile = self.features.unpacked(slice(first, min(first + size, stop)))
            yield self.product(masks, tile)

    def _tile_size(self, n_masks: int) -> int:
        # Counts take four bytes, and two tiles can be alive at a time.
        features = self.features
        resident = not features.packed and self.product is not float32_product
        a_row = 8 * n_masks + (0 if resident else self._bytes_a_feature * features.n_columns)
        return max(features.workspace // (2 * a_row * LANES), 1) * LANES
