"""torchvision's MNIST, imported only where the set is read: torch takes seconds to start.

CIFAR-10 is not read with torchvision: its loader unpickles what was downloaded.
"""

import functools
import importlib.util
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np


def _mnist_class() -> type:
    _operators()
    from torchvision.datasets import MNIST

    return MNIST


@functools.cache
def _operators() -> object:
    """Load torchvision's operators, or declare the two that its import looks for.

    PyPI's torchvision for Linux is built for graphics cards. Its operators do not load beside the
    build of torch for processors, and its import ends with "operator torchvision::nms does not
    exist". Data sets and transforms use none of them.
    """
    import torch

    folder = Path(importlib.util.find_spec("torchvision").origin).parent
    try:
        loaded = [torch.ops.load_library(str(library)) for library in folder.glob("_C.*")]
    except OSError:
        loaded = []
    if loaded:
        return loaded
    operators = torch.library.Library("torchvision", "FRAGMENT")
    operators.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    operators.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    return operators


def mnist_mirrors() -> list[str]:
    """Addresses of MNIST in the order in which torchvision tries them."""
    return list(_mnist_class().mirrors)


def read_mnist_files(contents: dict[str, bytes]) -> tuple[np.ndarray, ...]:
    """Read MNIST's files with torchvision.

    Parameters
    ----------
    contents : dict of str to bytes
        The four unpacked files, by name.

    Returns
    -------
    train, train_labels, test, test_labels : ndarray of dtype uint8
        Images of shape (N, height, width), labels of shape (N,).
    """
    mnist = _mnist_class()
    with TemporaryDirectory(prefix="memrob-mnist-") as root:
        # torchvision reads unpacked files in a folder of this name, and no others.
        folder = Path(root) / "MNIST" / "raw"
        folder.mkdir(parents=True)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        parts = [mnist(root, train=train) for train in (True, False)]
    arrays = ((part.data.numpy(), part.targets.numpy().astype(np.uint8)) for part in parts)
    return tuple(array for pair in arrays for array in pair)
