"""Networks in files: NPZ files and saved `torch.nn.Sequential`s, read strictly."""

import os
import re
from pathlib import Path

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.layers import Layer, network_of
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.state_dict import looks_like_safetensors, sequential_layers
from memrob.numerics.archives import read_npz, require_file
from memrob.numerics.files import whole_file

EXPECTED = "an NPZ file with W0, b0, W1, b1, ... or a safetensors file"
KEY = re.compile(r"[Wb](0|[1-9][0-9]{0,5})")


def save_network(path: str | os.PathLike, network: ReluNetwork) -> None:
    """Write a network as an uncompressed NPZ file with arrays W0, b0, W1, b1, ...

    Parameters
    ----------
    path : path
        Its folder is created. The file is replaced only once the new one is whole.
    network : ReluNetwork

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    arrays = {}
    for layer, (weight, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
        arrays |= {f"W{layer}": weight, f"b{layer}": bias}
    try:
        # Through an open file, since np.savez appends ".npz" to a name that lacks it.
        with whole_file(path) as part, part.open("wb") as file:
            np.savez(file, **arrays)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror or error})") from error


def load_network(path: str | os.PathLike, output: int | None = None) -> ReluNetwork:
    """Read a ReLU network from a file and check that it can be worked with.

    Parameters
    ----------
    path : path
        Either an NPZ file with weights W0 (N_1, d), W1 (N_2, N_1), ... and biases b0 (N_1,), ...,
        where biases that are left out are zero and a single output's weights may have shape
        (N_L,); or the state dict of a `torch.nn.Sequential` of Linear and ReLU as safetensors,
        see `memrob.lipschitz.state_dict` for what it cannot tell. Anything pickled is refused.
    output : int, optional
        Which output, counted from 0, if there are several.

    Returns
    -------
    ReluNetwork
        In float64.

    Raises
    ------
    UserError
        In one line that names the file and the array, says what was found and what would be right.
    """
    path = Path(path)
    require_file(path, EXPECTED)
    try:
        layers = sequential_layers(path) if looks_like_safetensors(path) else _npz_layers(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from error
    return network_of(path, layers, output)


def _npz_layers(path: Path) -> list[Layer]:
    arrays = read_npz(path, lambda keys: _require_layers(path, keys), EXPECTED)
    depth = sum(key.startswith("W") for key in arrays)
    last = f"W{depth - 1}"
    if arrays[last].ndim == 1:
        arrays[last] = arrays[last][None]
    keys = [(f"W{layer}", f"b{layer}") for layer in range(depth)]
    return [Layer(arrays[weight], arrays.get(bias), weight, bias) for weight, bias in keys]


def _require_layers(path: Path, keys: list[str]) -> list[str]:
    if any(key.endswith("data.pkl") for key in keys):
        raise UserError(
            f"{path}: expected {EXPECTED}, found one of torch.save; write the state dict with "
            "safetensors.torch.save_file"
        )
    found = ", ".join(sorted(keys)) or "nothing"
    unknown = [key for key in keys if not KEY.fullmatch(key)]
    if unknown:
        raise UserError(
            f"{path}: {unknown[0]!r} is no key of a network, which has W0, b0, W1, b1, ... only"
        )
    present = {int(key[1:]) for key in keys if key.startswith("W")}
    for layer in range(max((int(key[1:]) for key in keys), default=0) + 1):
        if layer not in present:
            raise UserError(f"{path}: W{layer} is missing, found {found}")
    return keys
