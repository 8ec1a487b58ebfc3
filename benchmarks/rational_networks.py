"""Lipschitz constants of small networks by exhaustion, in rational numbers alone.

Slow and plain: what the methods of `memrob.lipschitz` are checked against. Nothing here is shared
with them.
"""

from collections.abc import Iterator
from fractions import Fraction

Row = tuple[Fraction, ...]


def gradients(network) -> list[list[Fraction]]:
    """Gradients of all activation regions with interior points, of a `ReluNetwork`."""
    dim = network.input_dim
    weights = [[list(map(Fraction, map(float, row))) for row in w] for w in network.weights]
    biases = [list(map(Fraction, map(float, bias))) for bias in network.biases]
    identity = [[Fraction(i == j) for j in range(dim + 1)] for i in range(dim + 1)]
    return list(_descend(weights, biases, 0, identity[:dim], [tuple(identity[dim])]))


def _descend(weights, biases, layer: int, inputs, rows: list[Row]) -> Iterator[list[Fraction]]:
    """`inputs` are the values of the layer before as linear functions of (x, 1)."""
    functions = [
        [
            sum((a * f[k] for a, f in zip(row, inputs, strict=True)), Fraction(0))
            for k in _places(rows)
        ]
        for row in weights[layer]
    ]
    if layer == len(weights) - 1:
        yield functions[0][:-1]
        return
    for function, bias in zip(functions, biases[layer], strict=True):
        function[-1] += bias
    yield from _decide(weights, biases, layer, functions, 0, [], rows)


def _decide(weights, biases, layer, functions, index, outputs, rows) -> Iterator[list[Fraction]]:
    if index == len(functions):
        yield from _descend(weights, biases, layer + 1, outputs, rows)
        return
    function, zero = functions[index], [Fraction(0)] * len(rows[0])
    rest = (weights, biases, layer, functions, index + 1)
    if not any(function):
        yield from _decide(*rest, [*outputs, zero], rows)
        return
    for sign, output in ((1, function), (-1, zero)):
        further = [*rows, tuple(sign * entry for entry in function)]
        if is_open(further):
            yield from _decide(*rest, [*outputs, output], further)


def _places(rows: list[Row]) -> range:
    return range(len(rows[0]))


def is_open(rows: list[Row]) -> bool:
    """Whether rows y > 0 for some y: by Fourier-Motzkin elimination of one variable at a time."""
    found = {_reduced(row) for row in rows}
    for _ in range(len(rows[0])):
        if any(not any(row) for row in found):
            return False
        above = [row for row in found if row[-1] > 0]
        below = [row for row in found if row[-1] < 0]
        found = {_reduced(row[:-1]) for row in found if row[-1] == 0}
        for a in above:
            for b in below:
                pairs = zip(a[:-1], b[:-1], strict=True)
                found.add(_reduced(tuple(x / a[-1] - y / b[-1] for x, y in pairs)))
    return not found


def _reduced(row: Row) -> Row:
    largest = max(map(abs, row), default=0)
    return tuple(entry / largest for entry in row) if largest else row
