"""Networks from state dicts of torch, saved as safetensors or by torch.save."""

import pickle
import warnings
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import safetensors

from memrob.errors import UserError
from memrob.lipschitz.operators.activations import RELU, Activation
from memrob.lipschitz.readers.builder import LayerChain
from memrob.lipschitz.readers.chain import Chain
from memrob.lipschitz.readers.names import EPSILON, Module, modules_of, ordered
from memrob.lipschitz.readers.placement import INDEXED, description_of, placed_normalisations

EXPECTED = "a safetensors file"

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

NESTED = ("state_dict", "model_state_dict", "model", "net", "network")
"""Where checkpoints keep the state dict of the network."""

DEEPEST = 4
"""Dicts in one another that are looked into."""


def state_dict_chain(
    source: str,
    arrays: Mapping[str, np.ndarray],
    activation: Activation | None = None,
    *,
    keeps_order: bool = True,
) -> Chain:
    """Layers of a network from the arrays of its modules.

    Parameters
    ----------
    source : str
        File, named in messages.
    arrays : mapping of str to ndarray
        By the names of a state dict.
    activation : Activation, optional
        Between linear layers; ReLU if left out.
    keeps_order : bool
        Whether the arrays are in the order in which modules were made.

    Returns
    -------
    Chain

    Raises
    ------
    UserError
        In one line that names the file and the array.
    """
    modules = modules_of(source, arrays)
    layers, assumptions = ordered(source, modules)
    _require_room(source, layers, modules)
    normalised = placed_normalisations(source, modules, layers, keeps_order)
    places = {(placed.after, placed.late): placed.module for placed in normalised}
    chain = LayerChain((1, layers[0].shape[1]), source)
    for after in range(len(layers) + 1):
        if after:
            _append(chain, layers[after - 1])
        is_between = 0 < after < len(layers)
        for late in (False, True):
            if late and is_between:
                chain.activate(activation or RELU)
            if (after, late) in places:
                _normalise(chain, places[after, late])
    if len(layers) > 1 and activation is None:
        assumptions.append("ReLU after every layer but the last, as no array tells")
    assumptions.append("no activation after the last layer")
    if normalised:
        assumptions.append(f"batch normalisation in evaluation mode, with epsilon {EPSILON:g}")
        assumptions += [description_of(placed, layers) for placed in normalised]
    return Chain.of(chain, assumptions)


def _require_room(source: str, layers: list[Module], modules: list[Module]) -> None:
    """Refuse layers that are neighbours in a `torch.nn.Sequential`: nothing stands between them.

    In a `torch.nn.ModuleList`, which has a name, all layers are neighbours.
    """
    matches = [INDEXED.fullmatch(module.name) for module in modules]
    if not all(matches) or len({match["prefix"] for match in matches}) > 1:
        return
    taken = sorted(int(match["index"]) for match in matches)
    own = sorted(int(INDEXED.fullmatch(layer.name)["index"]) for layer in layers)
    is_list = bool(matches[0]["prefix"]) and own == list(range(own[0], own[-1] + 1))
    for before, after in pairwise(own):
        between = sum(before < index < after for index in taken)
        if after - before - 1 - between < 1 and not is_list:
            raise UserError(
                f"{source}: between {matches[0]['prefix']}{before} and "
                f"{matches[0]['prefix']}{after} there must be an activation, found no room for one"
            )


def _append(chain: LayerChain, layer: Module) -> None:
    bias = layer.arrays.get("bias")
    # The bias of a single output is often saved as a plain number.
    bias = bias.reshape(1) if bias is not None and bias.ndim == 0 else bias
    if bias is not None and bias.shape != (layer.shape[0],):
        raise UserError(
            f"{chain.source}: {layer.keys['bias']} must have shape ({layer.shape[0]},), one number "
            f"for each row of {layer.keys['weight']}, found {bias.shape}"
        )
    weight = chain.finite(layer.arrays["weight"], layer.keys["weight"])
    bias = None if bias is None else chain.finite(bias, layer.keys["bias"])
    chain.linear(weight, bias, layer.name or "the layer")


def _normalise(chain: LayerChain, module: Module) -> None:
    arrays = module.arrays
    chain.normalise(
        arrays["running_mean"],
        arrays["running_var"],
        arrays.get("weight"),
        arrays.get("bias"),
        EPSILON,
        module.name,
    )


def looks_like_safetensors(path: Path) -> bool:
    """Whether the file begins as safetensors do: eight bytes of length, then a JSON object."""
    with path.open("rb") as file:
        return file.read(9)[8:] == b"{"


def safetensors_arrays(path: Path) -> dict[str, np.ndarray]:
    """Arrays of a safetensors file, in the order of their names.

    Raises
    ------
    UserError
        For a damaged file, and for numbers other than of 16 (IEEE or bfloat16), 32 or 64 bits.
    """
    try:
        tensors = safetensors.deserialize(path.read_bytes())
    except safetensors.SafetensorError as error:
        reason = str(error).removeprefix("Error while deserializing: ").partition("\n")[0]
        raise UserError(f"{path}: expected {EXPECTED}, found a damaged one ({reason})") from error
    return {key: _array(path, key, **tensor) for key, tensor in sorted(tensors)}


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


def torch_arrays(path: Path) -> dict[str, np.ndarray]:
    """Arrays of a state dict that torch.save wrote; nothing in the file is executed.

    Raises
    ------
    UserError
        For a damaged file, one that holds other Python objects, and one without a state dict.
    """
    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise UserError(
            f"{path}: holds Python objects, which are not loaded; save model.state_dict() alone"
        ) from error
    except Exception as error:  # whatever a damaged pickle makes its reader raise
        raise UserError(
            f"{path}: expected a state dict of torch.save, found a damaged one"
        ) from error
    found = _only_state_dict(path, found) if isinstance(found, dict) else found
    if not isinstance(found, dict) or not found:
        raise UserError(f"{path}: holds no state dict; save model.state_dict()")
    for key, tensor in found.items():
        if not isinstance(key, str) or not isinstance(tensor, torch.Tensor):
            raise UserError(f"{path}: {key!r} is no tensor; save model.state_dict() alone")
        if tensor.is_meta:
            raise UserError(f"{path}: {key} has a shape but no numbers, as it is on device meta")
        if tensor.is_complex() or tensor.is_quantized or tensor.is_sparse:
            raise UserError(f"{path}: {key} must be a dense tensor of real numbers")
    return {key: _numbers(tensor) for key, tensor in found.items()}


def _only_state_dict(path: Path, found):
    """The state dict in a checkpoint, which must hold one alone; what is none as it is."""
    for _ in range(DEEPEST):
        dicts = {k: v for k, v in found.items() if isinstance(v, dict)} if found else {}
        several = [key for key, value in dicts.items() if _holds_weights(value)]
        if len(several) > 1:
            names = ", ".join(map(repr, several))
            raise UserError(f"{path}: holds several state dicts, {names}; save one of them alone")
        key = next((key for key in NESTED if key in (several or dicts)), None)
        if key is None:
            break
        found = dicts[key]
    return found


def _holds_weights(value: dict, deepest: int = DEEPEST) -> bool:
    """Whether a dict holds weights, or has dicts in it that do."""
    if any(str(key).endswith("weight") and hasattr(v, "ndim") for key, v in value.items()):
        return True
    inner = [v for v in value.values() if isinstance(v, dict)] if deepest else []
    return any(_holds_weights(each, deepest - 1) for each in inner)


def _numbers(tensor) -> np.ndarray:
    is_float = tensor.is_floating_point()
    return (tensor.double() if is_float else tensor).detach().numpy()
