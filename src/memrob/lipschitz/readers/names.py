"""Arrays with names of modules, put into the order in which a network applies them.

A state dict holds the arrays of modules that have any, under the names of the modules. What a
module without arrays does, and in which order modules are applied, cannot be told from it.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from memrob.errors import UserError

WRAPPERS = re.compile(r"(?:^|(?<=\.))(?:module|_orig_mod)\.")
"""What DataParallel and torch.compile put before names."""

EPSILON = 1e-5
"""What torch.nn.BatchNorm1d adds to variances unless it is told otherwise."""

MOST_ORDERS = 2
"""Orders of the layers that are looked for: more than one is one too many."""

MOST_STEPS = 20_000
"""Beginnings of orders that are tried: many layers of one shape have too many."""

ARRAYS = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")


class Module(NamedTuple):
    """A module of a state dict.

    Attributes
    ----------
    name : str
    arrays : dict of str to ndarray
        By the last part of their names, such as weight.
    keys : dict of str to str
        Whole names, for messages.
    """

    name: str
    arrays: dict[str, np.ndarray]
    keys: dict[str, str]

    @property
    def is_normalisation(self) -> bool:
        """Whether it is a batch normalisation."""
        return "running_mean" in self.arrays

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the weights."""
        return self.arrays["weight"].shape


def modules_of(source: str, arrays: Mapping[str, np.ndarray]) -> list[Module]:
    """Group arrays by module, in the order given.

    Raises
    ------
    UserError
        In one line that names `source` and the array, for arrays of modules that are neither
        linear nor batch normalisations, and for two arrays that differ in wrappers' names alone.
    """
    found: dict[str, Module] = {}
    for key, array in arrays.items():
        name, _, kind = WRAPPERS.sub("", key).rpartition(".")
        if kind not in ARRAYS:
            raise UserError(
                f"{source}: {key!r} is no array of a linear layer or batch normalisation, whose "
                "names end in .weight, .bias, .running_mean or .running_var"
            )
        module = found.setdefault(name, Module(name, {}, {}))
        if kind in module.keys:
            raise UserError(f"{source}: {module.keys[kind]} and {key} are of one layer")
        module.arrays[kind], module.keys[kind] = array, key
    if not found:
        raise UserError(f"{source}: holds no arrays, must hold 0.weight, 0.bias, 2.weight, ...")
    for module in found.values():
        _require_known(source, module)
    return list(found.values())


def _require_known(source: str, module: Module) -> None:
    if module.is_normalisation:
        if "running_var" not in module.arrays:
            raise UserError(f"{source}: {module.name} has no running_var beside its running_mean")
        return
    if "weight" not in module.arrays:
        key = next(iter(module.keys.values()))
        wanted = key.removesuffix(key.rpartition(".")[2]) + "weight"
        raise UserError(f"{source}: {key} has no {wanted} beside it")
    key, shape = module.keys["weight"], module.shape
    if len(shape) > 2:
        raise UserError(
            f"{source}: {key} must be a matrix, found shape {shape}; a state dict does not tell "
            "the stride and padding of a convolution: export the network to ONNX"
        )
    if len(shape) != 2 or 0 in shape:
        raise UserError(f"{source}: {key} must have shape (N, d) with N, d >= 1, found {shape}")


def ordered(source: str, modules: list[Module]) -> tuple[list[Module], list[str]]:
    """Linear layers in the order of a network, and how that was found.

    Numbers in names count as numbers, so that layers.10 comes after layers.2. Where names do not
    differ in numbers alone, shapes must chain in one order only.

    Raises
    ------
    UserError
        If no order of the layers has shapes that chain, or more than one has.
    """
    layers = sorted((m for m in modules if not m.is_normalisation), key=lambda m: _natural(m.name))
    if not layers:
        raise UserError(f"{source}: holds no linear layer, must hold 0.weight, 2.weight, ...")
    series = {re.sub(r"[0-9]+", "#", module.name) for module in layers}
    if len(series) == 1:
        _require_chain(source, layers)
    else:
        layers = _by_shapes(source, layers)
    if len(layers) == 1:
        return layers, []
    names = ", ".join(module.name for module in layers)
    return layers, [f"layers in the order {names}"]


def _natural(name: str) -> list:
    return [int(part) if part.isdigit() else part for part in re.split(r"([0-9]+)", name)]


def _require_chain(source: str, layers: list[Module]) -> None:
    for before, after in pairwise(layers):
        if after.shape[1] != before.shape[0]:
            raise UserError(
                f"{source}: {after.keys['weight']} must have shape (N, {before.shape[0]}), as many "
                f"columns as {before.keys['weight']} has rows, found {after.shape}"
            )


def _by_shapes(source: str, layers: list[Module]) -> list[Module]:
    """The only order in which shapes chain and layers of one series keep their own order."""
    search = _Orders()
    search.extend([], layers)
    if len(search.found) == 1 and search.steps <= MOST_STEPS:
        return search.found[0]
    if search.found or search.steps > MOST_STEPS:
        examples = " or ".join(map(_names, search.found)) or "many are possible"
        raise UserError(
            f"{source}: the order of its layers is not certain, {examples}; number them, as "
            "layers.0, layers.1, ..."
        )
    shapes = ", ".join(f"{m.keys['weight']} {m.shape}" for m in layers)
    raise UserError(f"{source}: its layers chain in no order: {shapes}")


def _names(layers: list[Module]) -> str:
    return ", ".join(module.name for module in layers)


class _Orders:
    """Orders of layers whose shapes chain, two at most."""

    def __init__(self):
        self.found: list[list[Module]] = []
        self.steps = 0

    def extend(self, chain: list[Module], rest: list[Module]) -> None:
        self.steps += 1
        if len(self.found) >= MOST_ORDERS or self.steps > MOST_STEPS:
            return
        if not rest:
            self.found.append(chain)
            return
        seen = set()
        for index, module in enumerate(rest):
            series = re.sub(r"[0-9]+", "#", module.name)
            fits = not chain or module.shape[1] == chain[-1].shape[0]
            # Of a series, the first that is left comes first.
            if series not in seen and fits:
                self.extend([*chain, module], rest[:index] + rest[index + 1 :])
            seen.add(series)


def numbers_in(name: str) -> list[int]:
    """The numbers in a name, in their order."""
    return [int(number) for number in re.findall(r"[0-9]+", name)]
