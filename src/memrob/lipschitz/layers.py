"""Affine layers as they lie in a file, checked one by one and made into a network."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.network import ReluNetwork


class Layer(NamedTuple):
    """An affine map x -> W x + b and the names its arrays have in the file.

    Attributes
    ----------
    weight : ndarray
        As read, of any shape and type.
    bias : ndarray or None
        None for no bias.
    weight_key, bias_key : str
    """

    weight: np.ndarray
    bias: np.ndarray | None
    weight_key: str
    bias_key: str


def network_of(path: Path, layers: list[Layer], output: int | None) -> ReluNetwork:
    """Network with one output made of layers with a ReLU between any two.

    Parameters
    ----------
    path : pathlib.Path
        Named in messages.
    layers : list of Layer
        First layer first, at least one.
    output : int, optional
        Which of several outputs; may be left out if there is only one.

    Raises
    ------
    UserError
        In one line that names the file and the array, for arrays that hold other than finite real
        numbers, shapes that do not fit one another, and an output that does not exist or is not
        chosen.
    """
    weights: list[np.ndarray] = []
    biases: list[np.ndarray] = []
    for layer in layers:
        weights.append(_weight(path, layer))
        biases.append(_bias(path, layer, len(weights[-1])))
    for before, after, layer in zip(weights, weights[1:], layers[1:], strict=False):
        if after.shape[1] != len(before):
            raise UserError(
                f"{path}: {layer.weight_key} must have shape (N, {len(before)}), as many columns "
                f"as the layer before has rows, found {after.shape}"
            )
    row = _row(path, layers[-1].weight_key, len(weights[-1]), output)
    weights[-1], biases[-1] = weights[-1][[row]], biases[-1][[row]]
    return ReluNetwork(tuple(weights), tuple(biases))


def _weight(path: Path, layer: Layer) -> np.ndarray:
    shape = layer.weight.shape
    if len(shape) > 2:
        raise UserError(
            f"{path}: {layer.weight_key} must be a matrix, found shape {shape}; a convolution "
            "must be written as a matrix"
        )
    if len(shape) != 2 or 0 in shape:
        raise UserError(
            f"{path}: {layer.weight_key} must have shape (N, d) with N, d >= 1, found {shape}"
        )
    return _finite(path, layer.weight_key, layer.weight)


def _bias(path: Path, layer: Layer, width: int) -> np.ndarray:
    if layer.bias is None:
        return np.zeros(width)
    # The bias of a single output is often saved as a plain number.
    bias = layer.bias.reshape(1) if layer.bias.ndim == 0 else layer.bias
    if bias.shape != (width,):
        raise UserError(
            f"{path}: {layer.bias_key} must have shape ({width},), one number a row of "
            f"{layer.weight_key}, found {layer.bias.shape}"
        )
    return _finite(path, layer.bias_key, bias)


def _finite(path: Path, key: str, array: np.ndarray) -> np.ndarray:
    if array.dtype.kind not in "biuf":
        raise UserError(f"{path}: {key} must hold real numbers, found dtype {array.dtype}")
    with np.errstate(over="ignore"):
        numbers = np.ascontiguousarray(array, dtype=np.float64)
    bad = np.argwhere(~np.isfinite(numbers))
    if len(bad):
        where = ", ".join(map(str, bad[0]))
        raise UserError(f"{path}: {key} must be finite, {key}[{where}] is {numbers[tuple(bad[0])]}")
    return numbers


def _row(path: Path, key: str, outputs: int, output: int | None) -> int:
    if outputs == 1 and output in (None, 0):
        return 0
    choices = "--output 0" if outputs == 1 else f"--output 0 ... {outputs - 1}"
    if output is None:
        raise UserError(
            f"{path}: the last layer ({key}) has {outputs} outputs; choose one with {choices}"
        )
    if not 0 <= output < outputs:
        number = f"{outputs} output" + ("s" if outputs > 1 else "")
        raise UserError(f"--output: is {output}; {path} has {number}, {choices}")
    return output
