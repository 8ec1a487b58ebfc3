"""Networks from arrays that are numbered: NPZ files, and .mat files as LipSDP writes them."""

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.operators.activations import RELU, Activation
from memrob.lipschitz.readers.builder import LayerChain
from memrob.lipschitz.readers.chain import Chain
from memrob.lipschitz.readers.mat_arrays import DamagedError, mat_arrays
from memrob.lipschitz.readers.state_dict import state_dict_chain
from memrob.numerics.archives import read_npz
from memrob.numerics.memory import available_memory

EXPECTED = "an NPZ file with W0, b0, W1, b1, ... or a safetensors file"

WEIGHT = re.compile(r"(?:W|w|weights?|kernels?|coefs?_?|fc|A)[._]?(0|[1-9][0-9]{0,5})")
BIAS = re.compile(r"(?:b|bias|biases|intercepts?_?)[._]?(0|[1-9][0-9]{0,5})")
"""Names of weights and biases; as in scikit-learn, coefs_0 and kernel0 may be transposed."""

UNNAMED = re.compile(r"arr_(0|[1-9][0-9]{0,5})")
"""What numpy.savez calls arrays without names."""

NO_BIASES = (
    "no biases in the file, taken as zero: bounds from above hold for any biases, and the constant "
    "with zero biases is the least"
)


COLUMNS = re.compile(r"(?:kernels?|coefs?_?)[._]?[0-9]+")
"""Names of Keras and scikit-learn, whose weights have one column for each neuron."""

BIAS_CELLS = ("biases", "bias", "b")
"""Cell arrays of biases."""

EITHER_WAY = "weights have one row for each neuron; their shapes fit with one column for each too"
BY_NAME = "weights have one column for each neuron, as their names say, though rows would fit too"
TRANSPOSED = "weights are transposed: one column for each neuron"


class Layer(NamedTuple):
    """An affine map x -> W x + b and the names its arrays have in the file."""

    weight: np.ndarray
    bias: np.ndarray | None
    weight_key: str
    bias_key: str


def npz_chain(path: Path, activation: Activation | None = None) -> Chain:
    """Layers of an NPZ file.

    Parameters
    ----------
    path : pathlib.Path
        Weights W0 (N_1, d), W1 (N_2, N_1), ... and biases b0 (N_1,), ..., where biases that are
        left out are zero; or with other usual names, or those of a state dict.
    activation : Activation, optional
        Between the layers; ReLU if left out.

    Raises
    ------
    UserError
        In one line that names the file and the array.
    """
    arrays = read_npz(path, lambda keys: _checked(path, keys), EXPECTED)
    if any("." in key and not WEIGHT.fullmatch(key) and not BIAS.fullmatch(key) for key in arrays):
        return state_dict_chain(str(path), arrays, activation)
    layers = _unnamed(arrays) if any(map(UNNAMED.fullmatch, arrays)) else _named(path, arrays)
    return chain_of(path, layers, activation)


def _checked(path: Path, keys: list[str]) -> list[str]:
    if any(key.endswith("data.pkl") for key in keys):
        raise UserError(f"{path}: expected {EXPECTED}, found one of torch.save; call it .pt")
    if keys and all(map(UNNAMED.fullmatch, keys)):
        for number in range(len(keys)):
            if f"arr_{number}" not in keys:
                raise UserError(f"{path}: arr_{number} is missing, found {', '.join(keys)}")
        return sorted(keys, key=lambda key: int(key[4:]))
    dotted = [key for key in keys if re.search(r"\.(weight|bias)$", key)]
    if dotted:
        return keys
    for key in keys:
        if not WEIGHT.fullmatch(key) and not BIAS.fullmatch(key):
            raise UserError(
                f"{path}: {key!r} is no key of a network, which has W0, b0, W1, b1, ... only"
            )
    return keys


def _unnamed(arrays: dict[str, np.ndarray]) -> list[Layer]:
    layers: list[Layer] = []
    for key, array in arrays.items():
        if array.ndim < 2 and layers and layers[-1].bias is None:
            layers[-1] = layers[-1]._replace(bias=array, bias_key=key)
        else:
            layers.append(Layer(array, None, key, ""))
    return layers


def _named(path: Path, arrays: dict[str, np.ndarray]) -> list[Layer]:
    found = ", ".join(sorted(arrays)) or "nothing"
    weights, biases = {}, {}
    for pattern, names in ((WEIGHT, weights), (BIAS, biases)):
        for key in arrays:
            match = pattern.fullmatch(key)
            if match and int(match[1]) in names:
                raise UserError(f"{path}: {names[int(match[1])]} and {key} are of one layer")
            if match:
                names[int(match[1])] = key
    numbers = [*weights, *biases]
    first = min(numbers, default=0)
    first = first if first == 1 else 0
    for number in range(first, max(numbers, default=0) + 1):
        if number not in weights:
            raise UserError(f"{path}: W{number} is missing, found {found}")
    last = weights[max(weights)]
    if arrays[last].ndim == 1:
        arrays[last] = arrays[last][None]
    return [
        Layer(arrays[weights[n]], arrays.get(biases.get(n, "")), weights[n], biases.get(n, f"b{n}"))
        for n in sorted(weights)
    ]


def mat_chain(path: Path, activation: Activation | None = None) -> Chain:
    """Layers of a .mat file: a cell array `weights` as LipSDP writes it, maybe `biases`, or W0, ...

    Raises
    ------
    UserError
        In one line that names the file and the array.
    """
    try:
        arrays = mat_arrays(path, available_memory())
    except DamagedError as error:
        raise UserError(f"{path}: expected a .mat file, found a damaged one ({error})") from error
    weights = _cells(arrays, "weights")
    numbered = {k: v for k, v in arrays.items() if WEIGHT.fullmatch(k) or BIAS.fullmatch(k)}
    if not weights:
        if not any(map(WEIGHT.fullmatch, numbered)):
            names = ", ".join(sorted(arrays)) or "nothing"
            raise UserError(
                f"{path}: must hold a cell array weights, or W0, b0, W1, ..., found {names}"
            )
        notes = _left_out(path, arrays, list(numbered), "W0, b0, W1, ...")
        flat = {k: v.ravel() if BIAS.fullmatch(k) else v for k, v in numbered.items()}
        return _noted(chain_of(path, _named(path, flat), activation), notes)
    biases = _biases_beside_cells(arrays)
    known = [*_cells_of("weights", len(weights)), *biases]
    notes = _left_out(path, arrays, known, "the cell arrays weights and biases, or b0, b1, ...")
    if biases and len(biases) != len(weights):
        raise UserError(f"{path}: has {len(biases)} biases for {len(weights)} weights")
    keys = list(biases) or [f"biases{{{n + 1}}}" for n in range(len(weights))]
    layers = [
        Layer(weight, biases[key].ravel() if biases else None, f"weights{{{n}}}", key)
        for n, (weight, key) in enumerate(zip(weights, keys, strict=True), start=1)
    ]
    return _noted(chain_of(path, layers, activation), notes)


def _left_out(path: Path, arrays: dict, known: list[str], wanted: str) -> list[str]:
    """What a note says of texts and single numbers left over; arrays may be of the network."""
    left = [key for key in arrays if key not in known]
    for key in left:
        if "{" in key or (arrays[key].dtype.kind in "biufc" and arrays[key].size > 1):
            name = key.partition("{")[0]
            raise UserError(
                f"{path}: {name!r} is no part of a network that is known; save {wanted} alone"
            )
    return [f"{', '.join(left)} beside the network in the file, left out"] if left else []


def _noted(chain: Chain, notes: list[str]) -> Chain:
    return chain._replace(assumptions=(*chain.assumptions, *notes))


def _biases_beside_cells(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Biases in the order of the layers: a cell array of its own, or b0, b1, ..."""
    for name in BIAS_CELLS:
        cells = _cells(arrays, name)
        if cells:
            return dict(zip(_cells_of(name, len(cells)), cells, strict=True))
    numbered = sorted(filter(BIAS.fullmatch, arrays), key=lambda key: int(BIAS.fullmatch(key)[1]))
    return {key: arrays[key] for key in numbered}


def _cells(arrays: dict[str, np.ndarray], name: str) -> list[np.ndarray]:
    """Cells of a cell array, in their order."""
    count = sum(key.startswith(name + "{") for key in arrays)
    return [arrays[key] for key in _cells_of(name, count)]


def _cells_of(name: str, count: int) -> list[str]:
    return [f"{name}{{{number}}}" for number in range(1, count + 1)]


def chain_of(path: Path, layers: Sequence[Layer], activation: Activation | None) -> Chain:
    """Chain of affine layers with one activation between any two.

    Raises
    ------
    UserError
        In one line that names the file and the array, for arrays that hold other than finite real
        numbers and shapes that do not fit one another.
    """
    layers, notes = _upright(list(layers))
    if len(layers) > 1 and activation is None:
        notes.append("ReLU after every layer but the last")
    notes.append("no activation after the last layer")
    without = [layer.weight_key for layer in layers if layer.bias is None]
    if len(without) == len(layers) > 1:
        notes.append(NO_BIASES)
    elif without and len(layers) > 1:
        notes.append(f"no bias beside {', '.join(without)} in the file, taken as zero")
    for layer in layers:
        _require_weight(path, layer)
    chain = LayerChain((1, layers[0].weight.shape[1]), str(path))
    for number, layer in enumerate(layers):
        if layer.weight.shape[1] != chain.size:
            raise UserError(
                f"{path}: {layer.weight_key} must have shape (N, {chain.size}), as many columns as "
                f"the layer before has rows, found {layer.weight.shape}"
            )
        weight = chain.finite(layer.weight, layer.weight_key)
        chain.linear(weight, _bias(chain, layer), layer.weight_key)
        if number + 1 < len(layers):
            chain.activate(activation or RELU)
    return Chain.of(chain, notes)


def _upright(layers: list[Layer]) -> tuple[list[Layer], list[str]]:
    """The layers with a row for each neuron, and notes.

    They are transposed if that alone makes shapes chain, and if shapes leave it open and names of
    scikit-learn or Keras tell.
    """
    shapes = [np.shape(layer.weight) for layer in layers]
    if any(len(shape) != 2 for shape in shapes):
        return layers, []
    lengths = [None if layer.bias is None else np.size(layer.bias) for layer in layers]

    def fits(rows: int) -> bool:
        columns = 1 - rows
        chains = all(after[columns] == before[rows] for before, after in pairwise(shapes))
        own = zip(shapes, lengths, strict=True)
        return chains and all(length in (None, shape[rows]) for shape, length in own)

    if not fits(1) or all(shape == (1, 1) for shape in shapes):
        return layers, []
    notes = [TRANSPOSED]
    if fits(0):
        if not all(COLUMNS.fullmatch(layer.weight_key) for layer in layers):
            return layers, [EITHER_WAY]
        notes = [BY_NAME]
    return [layer._replace(weight=layer.weight.T) for layer in layers], notes


def _require_weight(path: Path, layer: Layer) -> None:
    shape = np.shape(layer.weight)
    if len(shape) > 2:
        raise UserError(
            f"{path}: {layer.weight_key} must be a matrix, found shape {shape}; a convolution "
            "must be written as a matrix, or the network exported to ONNX"
        )
    if len(shape) != 2 or 0 in shape:
        raise UserError(
            f"{path}: {layer.weight_key} must have shape (N, d) with N, d >= 1, found {shape}"
        )


def _bias(chain: LayerChain, layer: Layer) -> np.ndarray | None:
    if layer.bias is None:
        return None
    width = len(layer.weight)
    # The bias of a single output is often saved as a plain number.
    bias = layer.bias.reshape(1) if layer.bias.ndim == 0 else layer.bias
    if bias.shape != (width,):
        chain.fail(
            f"{layer.bias_key} must have shape ({width},), one number for each row of "
            f"{layer.weight_key}, found {layer.bias.shape}"
        )
    return chain.finite(bias, layer.bias_key)
