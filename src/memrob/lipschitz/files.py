"""Networks in files of any usual kind, read strictly."""

import os
from numbers import Integral
from pathlib import Path
from typing import NamedTuple

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.operators.activations import Activation
from memrob.lipschitz.operators.network import OperatorNetwork
from memrob.lipschitz.readers.chain import Chain
from memrob.numerics.archives import require_file
from memrob.numerics.files import whole_file
from memrob.numerics.memory import available_memory

EXPECTED = (
    "an NPZ file with W0, b0, W1, b1, ... or a safetensors file, an ONNX model, a .mat file or a "
    "state dict of torch.save"
)

SHARE = 0.25
"""Share of the available memory that matrices may take unless told otherwise."""

NUMBER_BYTES = 8


class NetworkFile(NamedTuple):
    """A network as read.

    Attributes
    ----------
    network : OperatorNetwork
    assumptions : tuple of str
        What the file does not tell and the reader took for granted.
    """

    network: OperatorNetwork
    assumptions: tuple[str, ...]


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


def read_network(
    path: str | os.PathLike,
    activation: Activation | None = None,
    memory: float | None = None,
) -> NetworkFile:
    """Read a network from a file, whose kind its content tells.

    Parameters
    ----------
    path : path
        An NPZ file, a safetensors file, an ONNX model, a .mat file with weights, or a state dict
        of torch.save. Nothing pickled is executed.
    activation : Activation, optional
        Between layers, for files that do not tell; ReLU if left out.
    memory : float, optional
        Bytes that matrices may take; a quarter of what is available if left out.

    Returns
    -------
    NetworkFile
        In float64.

    Raises
    ------
    UserError
        In one line that names the file and what is wrong with it.
    """
    path = Path(path)
    require_file(path, EXPECTED)
    most = (available_memory() * SHARE if memory is None else memory) / NUMBER_BYTES
    try:
        # What overflows is refused where it is used.
        with np.errstate(all="ignore"):
            network, assumptions = _chain(path, activation).network(most)
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from error
    except UserError as error:
        # Names in the file are the file's, line feeds in them too.
        raise UserError(" ".join(str(error).splitlines())) from error
    return NetworkFile(network, assumptions)


def _chain(path: Path, activation: Activation | None) -> Chain:
    # Imported here: reading one kind of file must not wait for the libraries of others.
    from memrob.lipschitz.readers import numbered, state_dict

    with path.open("rb") as file:
        head = file.read(128)
    if path.suffix.lower() == ".onnx":
        return _onnx_chain(path, activation)
    if head[8:9] == b"{":
        # Safetensors are sorted.
        arrays = state_dict.safetensors_arrays(path)
        return state_dict.state_dict_chain(str(path), arrays, activation, keeps_order=False)
    if head.startswith(b"MATLAB 5.0"):
        return numbered.mat_chain(path, activation)
    if head.startswith(b"\x89HDF"):
        raise UserError(f"{path}: is an HDF5 file; save a .mat file with -v7, or export to ONNX")
    if _is_of_torch(path, head):
        if any("/code/" in name for name in _members(path) or ()):
            raise UserError(f"{path}: is a TorchScript archive; save model.state_dict() instead")
        return state_dict.state_dict_chain(str(path), state_dict.torch_arrays(path), activation)
    if head[:1] == b"\x08" and not head.startswith(b"PK"):
        return _onnx_chain(path, activation)
    if not head.startswith(b"PK"):
        raise UserError(f"{path}: expected {EXPECTED}; found a truncated or other file")
    return numbered.npz_chain(path, activation)


def _onnx_chain(path: Path, activation: Activation | None) -> Chain:
    from memrob.lipschitz.readers.onnx_file import onnx_chain

    if activation is not None:
        raise UserError("--activation: is for files that do not tell; an ONNX model does")
    return onnx_chain(path)


def _is_of_torch(path: Path, head: bytes) -> bool:
    if head.startswith(b"PK"):
        members = _members(path)
        if members is None:
            return path.suffix.lower() in (".pt", ".pth")
        return any(name.endswith("data.pkl") for name in members)
    return path.suffix.lower() in (".pt", ".pth", ".ckpt", ".bin") and head[:1] == b"\x80"


def _members(path: Path) -> list[str] | None:
    """Names in a ZIP archive; None for a damaged one and another file."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return None


def load_network(path: str | os.PathLike, output: int | None = None) -> ReluNetwork:
    """Read a ReLU network with one output, or one output of several.

    Parameters
    ----------
    path : path
        As for `read_network`.
    output : int, optional
        Which output, counted from 0, if there are several.

    Returns
    -------
    ReluNetwork
        In float64, with dense matrices.

    Raises
    ------
    UserError
        In one line that names the file and the array, says what was found and what would be right.
    """
    network = read_network(path).network
    found = network.relu_network()
    if found is None:
        raise UserError(f"{path}: has activations other than ReLU")
    return found.output(chosen_output(Path(path), network.n_outputs, output))


def chosen_output(
    path: Path | None, outputs: int, output: int | None, option: str = "--output"
) -> int:
    """Number of the output to take.

    Raises
    ------
    UserError
        For one that does not exist, and for none where there are several.
    """
    if outputs == 1 and (output is None or (_is_integer(output) and output == 0)):
        return 0
    choices = f"{option} 0" if outputs == 1 else f"{option} 0 ... {outputs - 1}"
    if output is None:
        whole = f", or all of them with {option} all"
        raise UserError(
            f"{path or 'network'}: has {outputs} outputs; choose one with {choices}{whole}"
        )
    if not _is_integer(output) or not 0 <= output < outputs:
        number = f"{outputs} output" + ("s" if outputs > 1 else "")
        raise UserError(f"{option}: is {output!r}; {path or 'network'} has {number}, {choices}")
    return int(output)


def _is_integer(output: object) -> bool:
    return isinstance(output, Integral) and not isinstance(output, bool)
