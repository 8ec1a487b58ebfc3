"""Layers of a saved `torch.nn.Sequential` of Linear and ReLU, read from safetensors.

A state dict holds arrays of modules that have any, under the index of the module: what a module
without arrays does cannot be told from it. One such module between two Linear layers is taken
for ReLU, and one before the first Linear layer for Flatten.
"""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import safetensors

from memrob.errors import UserError
from memrob.lipschitz.layers import Layer

EXPECTED = "a safetensors file"

KEY = re.compile(r"(?P<prefix>(?:.*\.)?)(?P<index>0|[1-9][0-9]{0,5})\.(?P<kind>weight|bias)")

DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
}


def looks_like_safetensors(path: Path) -> bool:
    """Whether the file begins as safetensors do: eight bytes of length, then a JSON object."""
    with path.open("rb") as file:
        return file.read(9)[8:] == b"{"


def sequential_layers(path: Path) -> list[Layer]:
    """Layers of a saved `torch.nn.Sequential` of Linear and ReLU.

    Parameters
    ----------
    path : pathlib.Path
        safetensors file with keys "0.weight", "0.bias", "2.weight", ..., maybe all with one prefix
        such as "net."; numbers of 16 (IEEE or bfloat16), 32 or 64 bits.

    Returns
    -------
    list of Layer

    Raises
    ------
    UserError
        In one line that names the file and the key, for a damaged file, keys of other modules, and
        indices that leave other than one module between two Linear layers.
    """
    arrays = _arrays(path)
    indices = _indices(path, sorted(arrays))
    for index in indices.values():
        if f"{index}.weight" not in arrays:
            raise UserError(f"{path}: {index}.bias has no {index}.weight beside it")
    numbers = sorted(indices)
    _require_one_module_between(path, numbers, indices)
    keys = [(f"{indices[n]}.weight", f"{indices[n]}.bias") for n in numbers]
    return [Layer(arrays[weight], arrays.get(bias), weight, bias) for weight, bias in keys]


def _arrays(path: Path) -> dict[str, np.ndarray]:
    try:
        tensors = safetensors.deserialize(path.read_bytes())
    except safetensors.SafetensorError as error:
        reason = str(error).removeprefix("Error while deserializing: ").partition("\n")[0]
        raise UserError(f"{path}: expected {EXPECTED}, found a damaged one ({reason})") from error
    return {key: _array(path, key, **tensor) for key, tensor in tensors}


def _array(path: Path, key: str, dtype: str, shape: list[int], data: bytearray) -> np.ndarray:
    if dtype not in DTYPES:
        raise UserError(
            f"{path}: {key} has type {dtype}, must be F64, F32, F16 or BF16; convert the network "
            "with .float() before it is saved"
        )
    array = np.frombuffer(data, dtype=DTYPES[dtype]).reshape(shape)
    if dtype == "BF16":
        # bfloat16, which NumPy lacks, is the upper half of a float32.
        array = (array.astype(np.uint32) << 16).view(np.float32)
    return array


def _indices(path: Path, keys: list[str]) -> dict[int, str]:
    # From the index of a module to its name, prefix included.
    names: dict[int, str] = {}
    prefixes = set()
    for key in keys:
        match = KEY.fullmatch(key)
        if match is None:
            raise UserError(
                f"{path}: {key!r} is no array of a Linear layer in a torch.nn.Sequential, whose "
                "keys are 0.weight, 0.bias, 2.weight, ..."
            )
        prefixes.add(match["prefix"])
        names[int(match["index"])] = match["prefix"] + match["index"]
    if not names:
        raise UserError(f"{path}: holds no arrays, must hold 0.weight, 0.bias, 2.weight, ...")
    if len(prefixes) > 1:
        found = ", ".join(map(repr, sorted(prefixes)))
        raise UserError(f"{path}: keys must have one prefix, found {found}; save one network alone")
    return names


def _require_one_module_between(path: Path, numbers: list[int], names: dict[int, str]) -> None:
    if numbers[0] > 1:
        raise UserError(
            f"{path}: the first Linear layer is {names[numbers[0]]}; at most one module, Flatten, "
            "may come before it"
        )
    for before, after in pairwise(numbers):
        if after - before != 2:
            raise UserError(
                f"{path}: between {names[before]} and {names[after]} there must be exactly one "
                f"module, a ReLU, found {after - before - 1}; leave out others, such as Dropout"
            )
