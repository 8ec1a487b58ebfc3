"""Images on a torus, each at a random place."""

import numpy as np

from memrob.data.dataset import BLOCK_ROWS, Dataset

# Fixed for good, as the place of an image must be the same everywhere.
_SEED = 0


def on_torus(
    dataset: Dataset, image_shape: tuple[int, int], torus_shape: tuple[int, int]
) -> Dataset:
    """Put each image on a larger torus of zeros, at a place drawn uniformly from all of it.

    Parameters
    ----------
    dataset : Dataset
        Images of one channel, in row-major order.
    image_shape, torus_shape : tuple of int
        (height, width) of the images, and of the torus, which is at least as large.

    Returns
    -------
    Dataset
        In the same order, with the same labels and norms.
    """
    rng = np.random.default_rng(_SEED)
    corners = rng.integers(torus_shape, size=(len(dataset.X), 2))
    X = np.zeros((len(dataset.X), *torus_shape), dtype=np.float32)
    for start in range(0, len(X), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        rows, columns = (
            (corners[block, axis, None] + np.arange(image_shape[axis])) % torus_shape[axis]
            for axis in range(2)
        )
        at = np.arange(start, start + len(rows))[:, None, None]
        X[at, rows[:, :, None], columns[:, None, :]] = dataset.X[block].reshape(-1, *image_shape)
    return Dataset(X.reshape(len(X), -1), dataset.y)
