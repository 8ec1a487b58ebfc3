"""Where the batch normalisations of a state dict stand between its linear layers.

A state dict holds arrays under names, most often in the order in which modules were made. The rule:

1. In a `torch.nn.Sequential`, where a normalisation and layers have one name but for the last
   number, the number decides. With numbers to spare on both sides the activation comes before it.
2. Elsewhere it stands where its width fits. If it fits in several places, the name decides (bn1 is
   after fc1, block.norm after block.fc) and so does the order of the arrays, unless several
   normalisations come together or it comes after all layers; where these two contradict each
   other, or there is neither, it is refused.
3. After a layer that is not the last it then comes before the activation.
"""

import re
from typing import NamedTuple

from memrob.errors import UserError
from memrob.lipschitz.readers.names import Module, numbers_in

INDEXED = re.compile(r"(?P<prefix>(?:.*\.)?)(?P<index>[0-9]+)")
"""Names in a `torch.nn.Sequential` or `torch.nn.ModuleList`."""


class Placed(NamedTuple):
    """A batch normalisation and its place.

    Attributes
    ----------
    module : Module
    after : int
        Number of linear layers before it.
    late : bool
        Whether it comes after the activation of the layer before it.
    """

    module: Module
    after: int
    late: bool


def placed_normalisations(
    source: str, modules: list[Module], layers: list[Module], keeps_order: bool
) -> list[Placed]:
    """Batch normalisations with their places, as the module's docstring says.

    Parameters
    ----------
    source : str
        Named in messages.
    modules : list of Module
        All of them, in the order of the file.
    layers : list of Module
        The linear ones in the order of the network.
    keeps_order : bool
        Whether the file keeps the order in which modules were made.

    Raises
    ------
    UserError
        For one that fits nowhere, or may stand in several places, or where another one stands.
    """
    found: dict[int, Placed] = {}
    for module in (m for m in modules if m.is_normalisation):
        placed = _by_index(module, layers)
        width = module.arrays["running_mean"].shape
        fitting = [n for n in range(len(layers) + 1) if (_width(layers, n),) == width]
        if placed is None:
            hints = {_by_name(module, layers)}
            if keeps_order:
                hints.add(_by_order(module, modules, layers))
            places = fitting if len(fitting) == 1 else sorted(hints.intersection(fitting))
            if len(places) == 1:
                placed = Placed(module, places[0], late=False)
        if placed is None or placed.after not in fitting or placed.after in found:
            _refuse(source, module, fitting, layers)
        found[placed.after] = placed
    return [found[after] for after in sorted(found)]


def description_of(placed: Placed, layers: list[Module]) -> str:
    """Place of a normalisation in words, as "bn1 is taken between fc1 and its activation"."""
    return f"{placed.module.name} is taken {_place(placed.after, placed.late, layers)}"


def _place(after: int, late: bool, layers: list[Module]) -> str:
    if after == 0:
        return f"in front of {layers[0].name}, with no activation between them"
    before = layers[after - 1].name
    if after == len(layers):
        return f"right after {before}, the last layer"
    return f"after the activation of {before}" if late else f"between {before} and its activation"


def _width(layers: list[Module], after: int) -> int:
    """Number of coordinates after so many layers."""
    return layers[0].shape[1] if after == 0 else layers[after - 1].shape[0]


def _by_index(module: Module, layers: list[Module]) -> Placed | None:
    """Place in a Sequential that holds layers too; None if there is no such."""
    own = INDEXED.fullmatch(module.name)
    others = [INDEXED.fullmatch(layer.name) for layer in layers]
    if own is None:
        return None
    index = int(own["index"])
    beside = [
        (int(other["index"]), number)
        for number, other in enumerate(others)
        if other is not None and other["prefix"] == own["prefix"]
    ]
    before = max((each for each in beside if each[0] < index), default=None)
    after = min((each for each in beside if each[0] > index), default=None)
    if before is not None:
        # Right in front of the next layer there is room for an activation before it alone.
        return Placed(module, before[1] + 1, late=index - before[0] > 1)
    if after is not None:
        return Placed(module, after[1], late=after[0] - index == 1)
    return None


def _by_name(module: Module, layers: list[Module]) -> int | None:
    """Place after the layer with the same numbers in its name, or in the same module."""
    names = [layer.name for layer in layers]
    numbers, parent = numbers_in(module.name), module.name.rpartition(".")[0]
    tests = [lambda name: parent and name.rpartition(".")[0] == parent]
    if numbers:
        tests = [
            lambda name: numbers_in(name) == numbers,
            lambda name: numbers_in(name)[-1:] == numbers[-1:],
        ]
    for test in tests:
        owners = [number for number, name in enumerate(names) if test(name)]
        if len(owners) == 1:
            return owners[0] + 1
    return None


def _by_order(module: Module, modules: list[Module], layers: list[Module]) -> int | None:
    """Place that the order of the file gives; None where modules are in groups."""
    if [m.name for m in modules if not m.is_normalisation] != [m.name for m in layers]:
        return None
    layers_before = [sum(not m.is_normalisation for m in modules[:i]) for i in range(len(modules))]
    places = [n for n, m in zip(layers_before, modules, strict=True) if m.is_normalisation]
    after = next(n for n, m in zip(layers_before, modules, strict=True) if m is module)
    is_grouped = places.count(after) > 1 or after == len(layers) > 1
    return None if is_grouped else after


def _refuse(source: str, module: Module, fitting: list[int], layers: list[Module]) -> None:
    width = module.arrays["running_mean"].size
    if not fitting:
        raise UserError(
            f"{source}: {module.name} normalises {width} numbers, which no layer takes or gives"
        )
    places = " or ".join(_place(after, False, layers) for after in fitting)
    raise UserError(
        f"{source}: it is not certain where {module.name} stands, {places}; export the network to "
        "ONNX"
    )
