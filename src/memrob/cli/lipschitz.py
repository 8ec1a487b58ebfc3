"""`memrob lipschitz`: the Lipschitz constant of a ReLU network, random or of the user's own."""

import argparse
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

from memrob.cli.numbers import decimal, decimals, whole
from memrob.errors import UserError
from memrob.lipschitz.random_networks import BIAS_LAWS

if TYPE_CHECKING:
    from memrob.lipschitz.operators.network import OperatorNetwork

SIZES = ("input_dim", "width", "depth")

COPIES = 3
"""Copies of the weights that the computation holds at a time, at least."""

SERIAL_OPERATIONS = 1 << 20
"""Products of a pass through a network below which threads would mostly wait for each other."""

LAYER_BYTES = 512
"""Approximate number of bytes that a layer takes besides its numbers."""


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Add the command to the parser of `memrob`."""
    parser = commands.add_parser(
        "lipschitz",
        help="bound the Lipschitz constant of a ReLU network",
        description="Bound the Lipschitz constant of a ReLU network with respect to the l^p norm "
        "from below and from above, or compute it. The network is a file or drawn at random.",
    )
    parser.add_argument(
        "network",
        nargs="?",
        type=Path,
        metavar="NETWORK",
        help="NPZ file with W0, b0, W1, b1, ..., ONNX model, state dict as safetensors or of "
        "torch.save, or .mat file as LipSDP writes it",
    )
    parser.add_argument(
        "--output", metavar="K", help="which of several outputs of NETWORK, or all: the whole map"
    )
    parser.add_argument(
        "--margin",
        nargs="+",
        metavar=("I", "J"),
        help="output I less output J; or all, for every pair",
    )
    parser.add_argument(
        "--q", help="with --output all, exponent of the norm of the outputs (that of --p)"
    )
    parser.add_argument(
        "--activation",
        metavar="NAME",
        help="between the layers of a file that does not tell: relu, leaky_relu:SLOPE, tanh or "
        "sigmoid (relu)",
    )
    parser.add_argument("--input-dim", type=whole, metavar="d", help="of a random network")
    parser.add_argument("--width", type=whole, metavar="N", help="of every hidden layer")
    parser.add_argument("--depth", type=whole, metavar="L", help="number of hidden layers")
    parser.add_argument(
        "--bias",
        choices=BIAS_LAWS,
        help="law of the biases of a random network (zero)",
    )
    parser.add_argument(
        "--p",
        required=True,
        nargs="+",
        metavar="P",
        help="exponents, numbers of at least 1 or inf",
    )
    parser.add_argument(
        "--method",
        default="all",
        choices=["lower", "upper", "exact", "all"],
        help="what to compute; all leaves out the exact value where it is out of reach (all)",
    )
    parser.add_argument(
        "--seed", type=whole, default=0, help="seed of the random network and of the search (0)"
    )
    parser.add_argument("--restarts", type=whole, metavar="R", help="starts of the search")
    parser.add_argument(
        "--at",
        nargs="+",
        metavar="X",
        help="with --radius, gradients at points near this one only: its numbers, or a file",
    )
    parser.add_argument(
        "--radius",
        nargs="+",
        type=decimals,
        metavar="R",
        help="of the ball, or one for each coordinate",
    )
    parser.add_argument(
        "--norm", choices=["inf", "2"], help="of the ball: a box, or a Euclidean ball (inf)"
    )
    parser.add_argument(
        "--time",
        type=decimal,
        metavar="S",
        help="seconds for the searches, all exponents and functions together; more never find less",
    )
    parser.add_argument(
        "--nodes",
        type=whole,
        metavar="M",
        help="nodes after which the search for the exact value ends",
    )
    parser.add_argument(
        "--within",
        type=decimal,
        metavar="R",
        help="with --method upper, bound the gradients at points in the cube [-R, R]^d only",
    )
    parser.add_argument(
        "--memory",
        type=decimal,
        metavar="GB",
        help="what the matrices of convolutions may take; beyond it they are not made (half of "
        "what is available)",
    )
    parser.add_argument(
        "--threads",
        type=whole,
        metavar="T",
        help="threads of the matrix products (one, or all cores for a network of many weights)",
    )
    parser.add_argument(
        "--device",
        default="cpu",
        choices=["cpu", "cuda", "auto"],
        help="where to search; cuda needs torch and a graphics card (cpu)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command; see `memrob.lipschitz.bracket.bracket` for what it does."""
    # Imported here, so that other commands and --help do not wait for the kernels.
    from threadpoolctl import threadpool_limits

    from memrob.cli.lipschitz_ball import ball_of
    from memrob.cli.lipschitz_report import readable, report_of
    from memrob.cli.lipschitz_targets import targets_of
    from memrob.cli.strict_json import strict_json
    from memrob.lipschitz.any_network import Means
    from memrob.lipschitz.norms import checked_p
    from memrob.lipschitz.targets import bounds_of
    from memrob.numerics.device import usable_device

    _take_network_from_p(options)
    if options.radius is not None:
        options.radius = [radius for given in options.radius for radius in given]
    ps = list(dict.fromkeys(map(checked_p, options.p)))
    _require_sensible(options)
    device = usable_device(options.device)
    network, assumptions = _network(options)
    targets, notes = targets_of(options, network, ps)
    means = Means(
        options.method,
        None if options.memory is None else options.memory * 1e9,
        options.seed,
        None if options.time is None else options.time / len(targets),
        {
            "restarts": options.restarts,
            "device": device,
            "box": options.within,
            "nodes": options.nodes,
        }
        | ball_of(options, network.input_dim),
    )
    start = time.perf_counter()
    with threadpool_limits(_threads(options, network)):
        found = [bounds_of(network, target, ps, means) for target in targets]
    seconds = time.perf_counter() - start
    report = report_of(options, network, targets, found) | {
        "device": device,
        "seconds": round(seconds, 6),
    }
    if options.network is not None:
        report["assumptions"] = [*assumptions, *notes]
    print(strict_json(report) if options.json else readable(report))
    return 0


def _threads(options: argparse.Namespace, network: "OperatorNetwork") -> int | None:
    """Threads of the matrix products; None for all cores."""
    few = options.threads is None and network.operations < SERIAL_OPERATIONS
    return 1 if few else options.threads


def _take_network_from_p(options: argparse.Namespace) -> None:
    """Take a file after several values of --p for the network."""
    if len(options.p) > 1 and options.network is None:
        try:
            float(options.p[-1])
        except ValueError:
            options.network = Path(options.p.pop())


def _require_sensible(options: argparse.Namespace) -> None:
    for name in ("threads", "restarts", "nodes"):
        value = getattr(options, name)
        if value is not None and value < 1:
            raise UserError(f"--{name}: is {value}; it must be at least 1")
    if options.seed < 0:
        raise UserError(f"--seed: is {options.seed}; it must be at least 0")
    if options.time is not None and not 0 < options.time < math.inf:
        raise UserError(
            f"--time: is {options.time}; it must be a finite number above 0, in seconds"
        )
    if options.memory is not None and not options.memory >= 0:
        raise UserError(f"--memory: is {options.memory}; it must be a number of at least 0, in GB")
    if options.restarts is not None and (options.at is not None or options.method == "upper"):
        place = "--at" if options.at is not None else "--method upper"
        raise UserError(f"--restarts: is of the search on all points; leave it out with {place}")
    is_part = options.at is not None or options.within is not None
    is_search = options.method in ("exact", "all") or (options.method == "upper" and is_part)
    if options.nodes is not None and not is_search:
        raise UserError(
            "--nodes: ends the search for the exact value; leave it out with --method "
            + options.method
        )
    if options.within is None:
        return
    if options.method != "upper":
        raise UserError("--within: bounds from above alone; use it with --method upper")
    if not 0 < options.within < math.inf:
        raise UserError(f"--within: is {options.within}; it must be a finite number above 0")


def _network(options: argparse.Namespace) -> tuple["OperatorNetwork", tuple[str, ...]]:
    from memrob.lipschitz.operators.network import of_relu_network
    from memrob.lipschitz.random_networks import random_network

    given = [name for name in (*SIZES, "bias") if getattr(options, name) is not None]
    if options.network is not None:
        if given:
            raise UserError(f"{_flag(given[0])}: is of a random network; leave it out with a file")
        return _from_file(options)
    for name in ("output", "margin", "activation"):
        if getattr(options, name) is not None:
            raise UserError(f"--{name}: is of a network in a file; a random network has one output")
    missing = [_flag(name) for name in SIZES if name not in given]
    if missing:
        raise UserError(
            f"{', '.join(missing)} missing: name a NETWORK file, or give --input-dim, --width and "
            "--depth of a random network"
        )
    sizes = [getattr(options, name) for name in SIZES]
    for name, size in zip(SIZES, sizes, strict=True):
        if size < 1:
            raise UserError(f"{_flag(name)}: is {size}; it must be at least 1")
    _require_memory(*sizes)
    network = random_network(*sizes, bias=options.bias or "zero", seed=options.seed)
    return of_relu_network(network), ()


def _from_file(options: argparse.Namespace) -> tuple["OperatorNetwork", tuple[str, ...]]:
    from memrob.lipschitz.files import read_network
    from memrob.lipschitz.operators.activations import activation_named

    activation = None if options.activation is None else activation_named(options.activation)
    memory = None if options.memory is None else options.memory * 1e9
    return read_network(options.network, activation, memory)


def _require_memory(input_dim: int, width: int, depth: int) -> None:
    from memrob.numerics.memory import available_memory

    numbers = width * (input_dim + (depth - 1) * width + depth + 1)
    needed = 8 * COPIES * numbers + LAYER_BYTES * depth
    available = available_memory()
    if needed > available:
        raise UserError(
            f"--input-dim, --width, --depth: a network of this size needs {needed / 1e9:.3g} GB, "
            f"and {available / 1e9:.3g} GB of memory are available"
        )


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")
