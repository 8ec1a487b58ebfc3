"""Functions of a network's outputs, and the public function that bounds their constants."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.any_network import Means, combination, scalar_bracket
from memrob.lipschitz.arguments import checked_options, require_arguments, require_memory
from memrob.lipschitz.bracket import Bracket
from memrob.lipschitz.files import chosen_output, read_network
from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.norms import checked_p
from memrob.lipschitz.operators.activations import activation_named
from memrob.lipschitz.operators.network import OperatorNetwork, of_relu_network
from memrob.lipschitz.vector.bracket import map_bracket

if TYPE_CHECKING:
    import torch


class Target(NamedTuple):
    """A function of a network's outputs.

    Attributes
    ----------
    output : int or None
        Output with this number, counted from 0.
    margin : tuple of int or None
        Output less another.
    q : tuple of float or None
        For the whole map, the exponent of the norm of the outputs for each p.
    """

    output: int | None = None
    margin: tuple[int, int] | None = None
    q: tuple[float, ...] | None = None


def margin_rows(outputs: int, first: int, second: int) -> np.ndarray:
    """The row (1, K) that takes the difference of two outputs."""
    return (np.eye(outputs)[first] - np.eye(outputs)[second])[None]


def bounds_of(
    network: OperatorNetwork, target: Target, ps: list[float], means: Means
) -> dict[float, Bracket]:
    """Bounds of a target for every p."""
    # Numbers of any size: what overflows is inf or NaN, which every method has to allow for.
    with np.errstate(all="ignore"):
        return _bounds_of(network, target, ps, means)


def _bounds_of(network, target: Target, ps: list[float], means: Means) -> dict[float, Bracket]:
    if target.q is not None and network.n_outputs > 1:
        shared = means.shared(len(ps))
        return {p: map_bracket(network, p, q, shared) for p, q in zip(ps, target.q, strict=True)}
    if target.margin is not None:
        rows = margin_rows(network.n_outputs, *target.margin)
    else:
        rows = np.eye(network.n_outputs)[[target.output or 0]]
    return scalar_bracket(combination(network, rows)[0], ps, means)


def lipschitz_bracket(
    network: "str | Path | ReluNetwork | OperatorNetwork | torch.nn.Module",
    p: float | Sequence[float] = 2,
    *,
    output: int | str | None = None,
    margin: tuple[int, int] | None = None,
    q: float | None = None,
    input_shape: Sequence[int] | None = None,
    activation: str | None = None,
    method: str = "all",
    memory: float | None = None,
    seed: int = 0,
    seconds: float | None = None,
    **options,
) -> Bracket | dict[float, Bracket]:
    """Bound the Lipschitz constant of a network from below and above, or compute it.

    Parameters
    ----------
    network : path, ReluNetwork, OperatorNetwork or torch.nn.Module
        As of `memrob.lipschitz.files.read_network` or
        `memrob.lipschitz.readers.torch_module.from_torch`.
    p : float or sequence of float
        Exponents in [1, inf].
    output : int or "all", optional
        Which of several outputs, or the whole map.
    margin : tuple of int, optional
        Output less another.
    q : float, optional
        With output "all", exponent of the norm of the outputs; p if left out.
    input_shape : sequence of int, optional
        Of a module that begins with a convolution, without the batch.
    activation : str, optional
        Between the layers of a file that does not tell: relu, leaky_relu:SLOPE, tanh or sigmoid.
    method : {"lower", "upper", "exact", "all"}
    memory : float, optional
        Bytes that dense matrices may take.
    seed : int
        Of the search.
    seconds : float, optional
        Time for the searches.
    **options
        Of `memrob.lipschitz.bracket.bracket`, such as restarts.

    Returns
    -------
    Bracket or dict of float to Bracket
        By p, if p is a sequence.

    Raises
    ------
    UserError
        In one line, for a network that cannot be worked with, and arguments that make no sense.
    TypeError
        For an argument that does not exist.
    """
    require_arguments(options)
    require_memory(memory)
    found = _network_of(network, input_shape, memory, activation)
    given = {"method": method, "seed": seed, "seconds": seconds}
    options = checked_options(found.input_dim, given, options)
    single = isinstance(p, str) or np.ndim(p) == 0
    ps = [checked_p(each) for each in ([p] if single else p)]
    if not ps:
        raise UserError("p: holds no exponent")
    if q is not None and output != "all":
        raise UserError("q: is for output 'all'")
    if margin is not None:
        target = Target(margin=_checked_margin(margin, output, found.n_outputs))
    elif output == "all":
        target = Target(q=tuple(ps) if q is None else (checked_p(q),) * len(ps))
    else:
        target = Target(output=chosen_output(None, found.n_outputs, output, "output"))
    by_p = bounds_of(found, target, ps, Means(method, memory, seed, seconds, options))
    return by_p[ps[0]] if single else by_p


def _checked_margin(margin, output, outputs: int) -> tuple[int, int]:
    if output is not None:
        raise UserError("margin: leave out output with it")
    if np.shape(margin) != (2,) or margin[0] == margin[1]:
        raise UserError(f"margin: is {margin!r}; it must be two different numbers of outputs")
    first, second = (chosen_output(None, outputs, k, "margin") for k in margin)
    return first, second


def _network_of(network, input_shape, memory, activation) -> OperatorNetwork:
    if isinstance(network, str | Path):
        if input_shape is not None:
            raise UserError("input_shape: is for modules of torch; a file has its own")
        named = None if activation is None else activation_named(activation)
        return read_network(network, named, memory).network
    if activation is not None:
        raise UserError("activation: is for files that do not tell it")
    is_module = hasattr(network, "named_modules")
    if input_shape is not None and not is_module:
        raise UserError("input_shape: is for modules of torch")
    if isinstance(network, OperatorNetwork):
        return network
    if isinstance(network, ReluNetwork):
        return of_relu_network(network)
    if not is_module:
        raise UserError(
            f"network: is a {type(network).__name__}; give a file, a network or a module"
        )
    from memrob.lipschitz.readers.torch_module import from_torch

    return from_torch(network, input_shape)
