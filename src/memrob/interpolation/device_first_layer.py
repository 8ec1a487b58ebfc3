"""First layer in torch: on which side of each hyperplane each point lies, computed on a device.

Features are those of the processor, bit by bit: signs are exact (`device_signs`), and in the plane
both add the second product without rounding it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

from memrob.errors import UserError
from memrob.interpolation.device_features import DeviceFeatures, pack_octets
from memrob.interpolation.device_signs import BYTES_A_FEATURE, DeviceSigns
from memrob.interpolation.first_layer import FirstLayer, tiles_of, words_of
from memrob.numerics.packed import LANES, WORD_BITS

CPU_MEMORY = 4 << 30
"""Bytes that torch may take on the processor, where it only serves for tests."""

LARGEST_WORKSPACE = 1 << 30
"""Bytes of blocks and tiles beside the features, at most."""

LARGEST_WIDTH = 1 << 24
"""Counts up to here are exact in float32, which multiplies where int8 cannot."""

SHARE_OF_FEATURES = 0.75
"""Share of the free memory that features may take."""


def first_layer_on_device(
    layer: FirstLayer,
    X: np.ndarray,
    classes: list[np.ndarray],
    device: str,
    *,
    packed: bool | None = None,
    workspace: int | None = None,
) -> DeviceFeatures:
    """Compute sigma(W x + b) for all points on a device.

    Parameters
    ----------
    layer : FirstLayer
        The hyperplanes, n of them.
    X : (N, d) float32
        Points.
    classes : list of (size,) int arrays
        Rows of X that belong to each class, in the order in which they are to be kept.
    device : str
        "cuda", or "cpu".
    packed : bool, optional
        Whether to keep eight features a byte; by default only if they take too much memory else.
    workspace : int, optional
        Bytes for blocks and tiles; by default what is left of the device's memory, 1 GiB at most.

    Returns
    -------
    DeviceFeatures
        N n bytes and the padding, or N n / 8.

    Raises
    ------
    UserError
        When not even the packed features fit, or n exceeds 2^24.
    """
    if layer.width > LARGEST_WIDTH:
        raise UserError(
            f"first_width: is {layer.width}; device {device} takes at most {LARGEST_WIDTH}"
        )
    n_rows = LANES * sum(tiles_of(len(rows)) for rows in classes)
    n_columns = WORD_BITS * words_of(layer.width)
    memory = available_memory(device)
    if packed is None:
        packed = _must_pack(n_rows * n_columns, memory, device)
    rest = memory - n_rows * n_columns // (8 if packed else 1)
    if workspace is None:
        workspace = min(rest // 2, LARGEST_WORKSPACE)
    kind, row_bytes = (torch.uint8, n_columns // 8) if packed else (torch.int8, n_columns)
    target = torch.zeros((n_rows, row_bytes), dtype=kind, device=device)
    features = DeviceFeatures(
        target, layer.width, tuple(len(rows) for rows in classes), int(workspace)
    )
    # Points are gathered by class on the device, if there is room for all of them at once.
    room = rest - workspace - layer.weights.nbytes
    points = torch.tensor(X, device=device) if X.nbytes <= room else X
    signs = DeviceSigns(layer.weights, layer.biases, device)
    with _full_precision():
        for k, rows in enumerate(classes):
            _fill_class(features, k, _blocks(points, rows, features), signs)
    return features


def available_memory(device: str) -> int:
    """Bytes of a device's memory that are free, those that torch keeps for reuse included."""
    if device == "cpu":
        return CPU_MEMORY
    kept = torch.cuda.memory_reserved() - torch.cuda.memory_allocated()
    return torch.cuda.mem_get_info()[0] + kept


def _must_pack(n_bytes: int, memory: int, device: str) -> bool:
    if n_bytes <= SHARE_OF_FEATURES * memory:
        return False
    if n_bytes / 8 <= SHARE_OF_FEATURES * memory:
        return True
    raise UserError(
        f"device: {device} has {memory / 1e9:.3g} GB free and the features take"
        f" {n_bytes / 8e9:.3g} GB; use device cpu or a smaller first_width"
    )


def _blocks(points, rows: np.ndarray, features: DeviceFeatures) -> Iterator[torch.Tensor]:
    device = features.rows.device
    size = features.workspace // (BYTES_A_FEATURE * features.n_columns + 4 * points.shape[1])
    size = max(size // LANES, 1) * LANES
    for first in range(0, len(rows), size):
        index = rows[first : first + size]
        if isinstance(points, torch.Tensor):
            yield points[torch.from_numpy(index).to(device)]
        else:
            yield torch.from_numpy(points[index]).to(device)


def _fill_class(features: DeviceFeatures, k: int, blocks, signs: DeviceSigns) -> None:
    first, stop = features.row_range(k)
    for block in blocks:
        _store(features, first, signs.above(block))
        first += len(block)
    if first < stop:
        ones = torch.ones(
            (stop - first, features.n_features), dtype=bool, device=signs.floor.device
        )
        _store(features, first, ones)


def _store(features: DeviceFeatures, first: int, bits: torch.Tensor) -> None:
    target = features.rows[first : first + len(bits)]
    if features.packed:
        spare = features.n_columns - features.n_features
        bits = torch.nn.functional.pad(bits.view(torch.int8), (0, spare))
        target.copy_(pack_octets(bits))
    else:
        target[:, : features.n_features] = bits


@contextmanager
def _full_precision() -> Iterator[None]:
    # For a card and for the processor. torch's older functions for this fail where these were set.
    settings = (torch.backends.cuda.matmul, torch.backends.mkldnn.matmul)
    before = [setting.fp32_precision for setting in settings]
    try:
        for setting in settings:
            setting.fp32_precision = "ieee"
        yield
    finally:
        for setting, precision in zip(settings, before, strict=True):
            setting.fp32_precision = precision
