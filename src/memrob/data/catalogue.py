"""The data sets by name: what they are, and how each is built."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from memrob.data import images, synthetic
from memrob.data.dataset import Dataset
from memrob.data.npz import save_npz
from memrob.data.pulses import pulses
from memrob.data.shifted import on_torus
from memrob.errors import UserError

DIGITS = tuple(str(digit) for digit in range(10))
CIFAR10_CLASS_NAMES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)


@dataclass(frozen=True)
class Entry:
    """A data set of the catalogue.

    Attributes
    ----------
    description : str
        One line.
    classes : str
        What X- and X+ are.
    n_samples, input_dim : int
        Number and dimension of the points.
    make : callable
        Builds it, given the folder of raw sets that the user names, or None.
    image_shape : tuple of int, optional
        (height, width), or (planes, height, width) for colour images.
    class_names : tuple of str, optional
        Name of each label 0, 1, ...
    downloads : {"mnist", "cifar10"}, optional
        The raw set that it is made from; None if it needs none.
    grid_shape : tuple of int, optional
        Length of each axis of the cyclic grid on which the points are signals; None if their
        cyclic shifts mean nothing.
    """

    description: str
    classes: str
    n_samples: int
    input_dim: int
    make: Callable[[str | os.PathLike | None], Dataset] = field(repr=False)
    image_shape: tuple[int, ...] | None = None
    class_names: tuple[str, ...] | None = None
    downloads: str | None = None
    grid_shape: tuple[int, ...] | None = None


def _two_digits(other: int, n_samples: int) -> Entry:
    return Entry(
        description=f"MNIST's digits 1 and {other}; every prefix is a stratified subset",
        classes=f"X- digit 1 (label 1), X+ digit {other} (label 0)",
        n_samples=n_samples,
        input_dim=784,
        make=lambda mirror: images.two_digits(1, other, mirror),
        image_shape=(28, 28),
        class_names=(str(other), "1"),
        downloads="mnist",
    )


#: Every data set by its name.
DATASETS = {
    "moons": Entry(
        description="two moons with noise 0.05, 1,000 points",
        classes="X- lower moon (label 1), X+ upper moon (label 0)",
        n_samples=1000,
        input_dim=2,
        make=lambda mirror: synthetic.moons(1000),
    ),
    "moons_size": Entry(
        description="two moons with noise 0.05, 1,000,000 points, to take prefixes of",
        classes="X- lower moon (label 1), X+ upper moon (label 0)",
        n_samples=1_000_000,
        input_dim=2,
        make=lambda mirror: synthetic.moons(1_000_000),
    ),
    "lines": Entry(
        description="two parallel lines of 10 points at distance 0.1, not normalised",
        classes="X- lower line (label 1), X+ upper line (label 0)",
        n_samples=20,
        input_dim=2,
        make=lambda mirror: synthetic.lines(),
    ),
    "mnist": Entry(
        description="all 70,000 handwritten digits of MNIST, training images first",
        classes="one-vs-rest",
        n_samples=70_000,
        input_dim=784,
        make=lambda mirror: images.all_images("mnist", mirror),
        image_shape=(28, 28),
        class_names=DIGITS,
        downloads="mnist",
    ),
    "mnist_1v8": _two_digits(8, 14_702),
    "mnist_1v9": _two_digits(9, 14_835),
    "cifar10": Entry(
        description="all 60,000 colour images of CIFAR-10, training images first",
        classes="one-vs-rest",
        n_samples=60_000,
        input_dim=3072,
        make=lambda mirror: images.all_images("cifar10", mirror),
        image_shape=(3, 32, 32),
        class_names=CIFAR10_CLASS_NAMES,
        downloads="cifar10",
    ),
    "pulses": Entry(
        description="cyclic signals of length 64 with one bump or two, anywhere, 2,000 points",
        classes="X- one bump (label 1), X+ two bumps (label 0)",
        n_samples=2000,
        input_dim=64,
        make=lambda mirror: pulses(2000, (64,), widths=(2, 4), gaps=(10, 20)),
        class_names=("two bumps", "one bump"),
        grid_shape=(64,),
    ),
    "pulses_2d": Entry(
        description="signals on a 16 x 16 torus with one bump or two, anywhere, 2,000 points",
        classes="X- one bump (label 1), X+ two bumps (label 0)",
        n_samples=2000,
        input_dim=256,
        make=lambda mirror: pulses(2000, (16, 16), widths=(1.2, 2), gaps=(6, 8)),
        image_shape=(16, 16),
        class_names=("two bumps", "one bump"),
        grid_shape=(16, 16),
    ),
    "mnist_shifted": Entry(
        description="MNIST's digits 1 and 8, each at a random place of a 32 x 32 torus",
        classes="X- digit 1 (label 1), X+ digit 8 (label 0)",
        n_samples=14_702,
        input_dim=1024,
        make=lambda mirror: on_torus(images.two_digits(1, 8, mirror), (28, 28), (32, 32)),
        image_shape=(32, 32),
        class_names=("8", "1"),
        downloads="mnist",
        grid_shape=(32, 32),
    ),
    "mnist_shifted_digits": Entry(
        description="all 70,000 digits of MNIST, each at a random place of a 32 x 32 torus",
        classes="one-vs-rest",
        n_samples=70_000,
        input_dim=1024,
        make=lambda mirror: on_torus(images.all_images("mnist", mirror), (28, 28), (32, 32)),
        image_shape=(32, 32),
        class_names=DIGITS,
        downloads="mnist",
        grid_shape=(32, 32),
    ),
}


def build(name: str, mirror: str | Path | None = None) -> Dataset:
    """Build a data set of the catalogue.

    Parameters
    ----------
    name : str
        A key of `DATASETS`.
    mirror : path, optional
        A folder with copies of raw sets, tried before all other sources. Without it, the
        environment variable MEMROB_DATA may name one.

    Returns
    -------
    Dataset
        ``X`` (N, d) float32 and ``y`` (N,) int64.

    Raises
    ------
    UserError
        If there is no data set of that name, or the named folder holds a wrong copy.
    MissingDataError
        If no source delivers the raw set it is made from.
    """
    if name not in DATASETS:
        raise UserError(f"data set {name!r}: there are {', '.join(DATASETS)}")
    return DATASETS[name].make(mirror)


def prepare(name: str, out: Path, mirror: str | None = None) -> Dataset:
    """Build a data set of the catalogue and write it as NPZ.

    Parameters
    ----------
    name : str
        A key of `DATASETS`.
    out : path
        NPZ to write, with `X` (N, d) float32 and `y` (N,) int64.
    mirror : str, optional
        As for `build`.

    Returns
    -------
    Dataset
        What was written.
    """
    dataset = build(name, mirror=mirror)
    save_npz(out, dataset)
    return dataset
