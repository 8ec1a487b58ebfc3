"""Which function of a network's outputs `memrob lipschitz` is asked about."""

import argparse
from itertools import combinations

from memrob.errors import UserError
from memrob.lipschitz.any_network import combination
from memrob.lipschitz.files import chosen_output
from memrob.lipschitz.norms import checked_p
from memrob.lipschitz.operators.network import OperatorNetwork
from memrob.lipschitz.targets import Target, margin_rows

ROUNDED = (
    "the difference of two rows of the last matrix is rounded to float64: the numbers are those of "
    "the network with the rounded row"
)


def targets_of(
    options: argparse.Namespace, network: OperatorNetwork, ps: list[float]
) -> tuple[list[Target], list[str]]:
    """What is asked for, and notes about it.

    Raises
    ------
    UserError
        For outputs that do not exist, and options that contradict one another.
    """
    outputs = network.n_outputs
    if options.q is not None and options.output != "all":
        raise UserError("--q: is for --output all")
    if options.margin is not None:
        if options.output is not None:
            raise UserError("--margin: leave out --output with it")
        return _margins(options, network)
    if options.output == "all":
        qs = tuple(ps) if options.q is None else (checked_q(options.q),) * len(ps)
        return [Target(q=qs)], []
    try:
        wanted = None if options.output is None else int(options.output)
    except ValueError as error:
        raise UserError(f"--output: is {options.output!r}; it must be a number or all") from error
    chosen = chosen_output(options.network, outputs, wanted)
    return [Target(output=None if wanted is None else chosen)], []


def checked_q(q: str) -> float:
    """Exponent q; a UserError names --q."""
    try:
        return checked_p(q)
    except UserError as error:
        raise UserError(f"--q: is {q!r}; it must be a number of at least 1, or inf") from error


def _margins(options: argparse.Namespace, network: OperatorNetwork):
    outputs, given = network.n_outputs, options.margin
    if outputs < 2:
        raise UserError(f"--margin: {options.network} has one output")
    if given == ["all"]:
        pairs = list(combinations(range(outputs), 2))
    else:
        try:
            pairs = [tuple(map(int, given))]
        except ValueError as error:
            raise UserError("--margin: give two numbers of outputs, or all") from error
        if len(pairs[0]) != 2 or pairs[0][0] == pairs[0][1]:
            raise UserError("--margin: give two different numbers of outputs, or all")
        for k in pairs[0]:
            chosen_output(options.network, outputs, k, "--margin")
    exact = all(combination(network, margin_rows(outputs, *pair))[1] for pair in pairs)
    return [Target(margin=pair) for pair in pairs], [] if exact else [ROUNDED]
