"""`memrob lipschitz`: the Lipschitz constant of a ReLU network, random or of the user's own."""

import argparse
import json
import math
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memrob.errors import UserError
from memrob.lipschitz.random_networks import BIAS_LAWS

if TYPE_CHECKING:
    from memrob.lipschitz.bracket import Bracket
    from memrob.lipschitz.network import ReluNetwork

SIZES = ("input_dim", "width", "depth")

COPIES = 3
"""Copies of the weights that the computation holds at a time, at least."""

LAYER_BYTES = 512
"""What a layer takes besides its numbers, about."""


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
        help="NPZ file with W0, b0, W1, b1, ..., or safetensors file with the state dict of a "
        "torch.nn.Sequential of Linear and ReLU",
    )
    parser.add_argument(
        "--output", type=int, metavar="K", help="which of several outputs of NETWORK"
    )
    parser.add_argument("--input-dim", type=int, metavar="d", help="of a random network")
    parser.add_argument("--width", type=int, metavar="N", help="of every hidden layer")
    parser.add_argument("--depth", type=int, metavar="L", help="number of hidden layers")
    parser.add_argument(
        "--bias",
        choices=BIAS_LAWS,
        help="law of the biases of a random network (zero)",
    )
    parser.add_argument("--p", required=True, help="exponent, a number of at least 1 or inf")
    parser.add_argument(
        "--method",
        default="all",
        choices=["lower", "upper", "exact", "all"],
        help="what to compute; all leaves out the exact value where it is out of reach (all)",
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="seed of the random network and of the search (0)"
    )
    parser.add_argument("--restarts", type=int, metavar="R", help="starts of the search")
    parser.add_argument(
        "--within",
        type=float,
        metavar="R",
        help="with --method upper, bound the gradients at points in the cube [-R, R]^d only",
    )
    parser.add_argument(
        "--threads", type=int, metavar="T", help="threads of the matrix products (all cores)"
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

    from memrob.lipschitz.bracket import bracket
    from memrob.lipschitz.norms import checked_p
    from memrob.numerics.device import usable_device

    p = checked_p(options.p)
    _require_sensible(options)
    device = usable_device(options.device)
    network = _network(options)
    limits = threadpool_limits(options.threads) if options.threads else nullcontext()
    start = time.perf_counter()
    with limits:
        found = bracket(
            network,
            [p],
            method=options.method,
            seed=options.seed,
            restarts=options.restarts,
            device=device,
            box=options.within,
        )[p]
    seconds = time.perf_counter() - start
    report = _report(options, network, found) | {"device": device, "seconds": round(seconds, 6)}
    print(json.dumps(_strict(report), allow_nan=False) if options.json else _readable(report))
    return 0


def _require_sensible(options: argparse.Namespace) -> None:
    for name in ("threads", "restarts"):
        value = getattr(options, name)
        if value is not None and value < 1:
            raise UserError(f"--{name}: is {value}; it must be at least 1")
    if options.seed < 0:
        raise UserError(f"--seed: is {options.seed}; it must be at least 0")
    if options.within is None:
        return
    if options.method != "upper":
        raise UserError("--within: bounds from above alone; use it with --method upper")
    if not 0 < options.within < math.inf:
        raise UserError(f"--within: is {options.within}; it must be a finite number above 0")


def _network(options: argparse.Namespace) -> "ReluNetwork":
    from memrob.lipschitz.files import load_network
    from memrob.lipschitz.random_networks import random_network

    given = [name for name in (*SIZES, "bias") if getattr(options, name) is not None]
    if options.network is not None:
        if given:
            raise UserError(f"{_flag(given[0])}: is of a random network; leave it out with a file")
        return load_network(options.network, options.output)
    if options.output is not None:
        raise UserError("--output: is of a network in a file; a random network has one output")
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
    return random_network(*sizes, bias=options.bias or "zero", seed=options.seed)


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


def _report(
    options: argparse.Namespace, network: "ReluNetwork", found: "Bracket"
) -> dict[str, Any]:
    if options.network is None:
        source = {"network": None, "bias": options.bias or "zero"}
    else:
        source = {"network": str(options.network), "output": options.output}
    report = source | {
        "seed": options.seed,
        "input_dim": network.input_dim,
        "widths": list(network.widths),
        "depth": network.depth,
        "p": found.p,
        "conjugate_p": found.conjugate_p,
        "method": options.method,
        "lower": found.lower,
        "upper": found.upper,
        "exact": found.exact,
        "lower_method": found.lower_method,
        "upper_method": found.upper_method,
        "exact_method": found.exact_method,
        "upper_bounds": found.upper_bounds,
        "point": None if found.point is None else found.point.tolist(),
    }
    return report if options.within is None else report | {"within": options.within}


def _strict(value: Any) -> Any:
    # JSON has no infinity, and readers differ in what they make of one.
    if isinstance(value, dict):
        return {key: _strict(part) for key, part in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return "inf" if value > 0 else None
    return value


def _readable(report: dict[str, Any]) -> str:
    hidden = " x ".join(f"{width:,}" for width in report["widths"]) or "none"
    name = report["network"] or f"random network, {report['bias']} biases, seed {report['seed']}"
    if report.get("output") is not None:
        name += f", output {report['output']}"
    lines = [
        f"{name}: input dimension {report['input_dim']:,}, hidden layers {hidden}",
        f"Lipschitz constant for p = {report['p']:g} (gradients in the norm of l^p', "
        f"p' = {report['conjugate_p']:.4g}), {report['seconds']:.3g} s:",
    ]
    for kind, text in (("lower", "at least"), ("exact", "exactly"), ("upper", "at most")):
        if report[kind] is not None:
            lines.append(f"  {text:8} {report[kind]:.10g}  ({report[f'{kind}_method']})")
    if "within" in report:
        lines.append(f"  at points in the cube [-{report['within']:g}, {report['within']:g}]^d")
    if report["method"] == "all" and report["exact"] is None:
        lines.append("  the exact value is out of reach")
    return "\n".join(lines)
