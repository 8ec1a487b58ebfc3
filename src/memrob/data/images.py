"""Data sets made of raw images: all of MNIST or CIFAR-10, or two digits of MNIST."""

import os

import numpy as np

from memrob.data.dataset import BLOCK_ROWS, Dataset, normalise, stratified_order
from memrob.data.sources import obtain

# Fixed for good: a subset of the first N points must mean the same points everywhere.
_TWO_DIGITS_SEED = 0


def all_images(raw_set: str, mirror: str | os.PathLike | None = None) -> Dataset:
    """All images of a raw set, training images first, in the published order.

    Parameters
    ----------
    raw_set : {"mnist", "cifar10"}
    mirror : path, optional
        As for `memrob.data.sources.obtain`, whose errors are raised.

    Returns
    -------
    Dataset
        Pixels divided by 255 and by the largest norm of an image; labels 0 to 9.
    """
    raw = obtain(raw_set, mirror)
    return Dataset(normalise(scale_pixels(raw.pixels)), raw.labels.astype(np.int64))


def two_digits(negative: int, positive: int, mirror: str | os.PathLike | None = None) -> Dataset:
    """All MNIST images of two digits, in an order in which every prefix is a stratified subset.

    Parameters
    ----------
    negative, positive : int
        The digit of X-, labelled 1, and that of X+, labelled 0.
    mirror : path, optional
        As for `memrob.data.sources.obtain`, whose errors are raised.

    Returns
    -------
    Dataset
        Pixels divided by 255 and by the largest norm of an image of these two digits.
    """
    raw = obtain("mnist", mirror)
    members = np.flatnonzero(np.isin(raw.labels, (negative, positive)))
    y = (raw.labels[members] == negative).astype(np.int64)
    order = stratified_order(y, _TWO_DIGITS_SEED)
    return Dataset(normalise(scale_pixels(raw.pixels[members[order]])), y[order])


def scale_pixels(pixels: np.ndarray) -> np.ndarray:
    """Pixels divided by 255 in double precision and rounded to float32, as published.

    Parameters
    ----------
    pixels : ndarray of shape (N, d), dtype uint8

    Returns
    -------
    ndarray of shape (N, d), dtype float32
        Between 0 and 1.
    """
    scaled = np.empty(pixels.shape, dtype=np.float32)
    for i in range(0, len(pixels), BLOCK_ROWS):
        rows = slice(i, i + BLOCK_ROWS)
        scaled[rows] = pixels[rows] / np.float64(255)
    return scaled
