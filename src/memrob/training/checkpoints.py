"""Trained stacks in files, so that a training is not repeated and a killed one goes on.

A file is named by a digest of all that its content follows from: points, labels, initial weights,
settings and seed, the version of torch, and the code of this package. Files are safetensors.
"""

import hashlib
import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from memrob.numerics.files import whole_file
from memrob.training.settings import Settings
from memrob.training.stack import Stack


def digest(
    stack: Stack, points: Tensor, labels: Tensor, settings: Settings, seed: int, device: str
) -> str:
    """Name of a training: 32 hexadecimal digits."""
    found = hashlib.blake2b(digest_size=16)
    about = {
        "code": _code(),
        "torch": torch.__version__.partition("+")[0],
        "device": device,
        "settings": asdict(settings),
        "seed": int(seed),
        "widths": list(stack.widths),
        "shapes": [list(points.shape), list(labels.shape)],
    }
    found.update(json.dumps(about, sort_keys=True).encode())
    for tensor in (points, labels, *stack.tensors):
        found.update(tensor.cpu().contiguous().numpy().data)
    return found.hexdigest()


@cache
def _code() -> str:
    found = hashlib.blake2b(digest_size=16)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


class Checkpoint:
    """Place of one training in a folder: whole once finished, partial before.

    Parameters
    ----------
    folder : path-like
        Created when something is saved.
    name : str
        From `digest`.
    """

    def __init__(self, folder: str | Path, name: str):
        self.finished = Path(folder) / f"{name}.safetensors"
        self.partial = Path(folder) / f"{name}.partial.safetensors"

    def load(self) -> dict[str, Tensor] | None:
        """What was saved last, None if there is nothing that can be read."""
        for path in (self.finished, self.partial):
            try:
                return load_file(path)
            except (FileNotFoundError, SafetensorError):
                continue
        return None

    def save(self, tensors: dict[str, Tensor], finished: bool) -> None:
        """Write tensors; a finished training replaces its partial file."""
        with whole_file(self.finished if finished else self.partial) as path:
            save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path)
        if finished:
            self.partial.unlink(missing_ok=True)
