"""`memrob interpolate`: construct an interpolating network for data of the user's own."""

import argparse
import json
import resource
import sys
import time
from contextlib import nullcontext
from pathlib import Path

from memrob.errors import UserError


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Add the command to the parser of `memrob`."""
    parser = commands.add_parser(
        "interpolate",
        help="construct a network that interpolates a data set",
        description="Construct a two-layer threshold network on random hyperplanes that "
        "interpolates a data set, and report how large it is.",
    )
    parser.add_argument(
        "data", type=Path, metavar="DATA.npz", help="X (N, d) numbers and y (N,) integer labels"
    )
    parser.add_argument(
        "--first-width", type=int, required=True, metavar="n", help="number of hyperplanes"
    )
    parser.add_argument(
        "--max-bias",
        type=float,
        required=True,
        metavar="LAMBDA",
        help="biases are uniform on [-LAMBDA, LAMBDA]; of the order of the largest norm",
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the random numbers (0)")
    parser.add_argument(
        "--order",
        default="permutation",
        choices=["permutation", "reference"],
        help="how candidates are drawn; reference replays published trials (permutation)",
    )
    parser.add_argument(
        "--activation", default="threshold", choices=["threshold", "relu"], help="(threshold)"
    )
    parser.add_argument(
        "--adaptive",
        action="store_true",
        help="sample hyperplanes, n at least, until every two classes are separated",
    )
    parser.add_argument(
        "--threads", type=int, metavar="T", help="threads of the matrix products (all cores)"
    )
    parser.add_argument(
        "--device",
        default="cpu",
        choices=["cpu", "cuda", "auto"],
        help="where to compute; cuda needs torch and a graphics card (cpu)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command; see `memrob.interpolation.fit` for what it does."""
    # Imported here, so that other commands and --help do not wait for the kernels.
    from threadpoolctl import threadpool_limits

    from memrob.data import load_npz, require_disjoint_classes
    from memrob.interpolation import fit
    from memrob.interpolation.device import choose_device, peak_device_memory

    if options.threads is not None and options.threads < 1:
        raise UserError(f"--threads: is {options.threads}; it must be at least 1")
    device = choose_device(options.device, options.order, options.activation)
    data = load_npz(options.data)
    require_disjoint_classes(data.X, data.y, name=str(options.data))
    limits = threadpool_limits(options.threads) if options.threads else nullcontext()
    start = time.perf_counter()
    with limits:
        network = fit(
            data.X,
            data.y,
            first_width=options.first_width,
            max_bias=options.max_bias,
            seed=options.seed,
            order=options.order,
            activation=options.activation,
            adaptive=options.adaptive,
            device=device,
        )
    seconds = time.perf_counter() - start
    report = {
        "data": str(options.data),
        "n_samples": len(data.y),
        "input_dim": data.X.shape[1],
        "labels": network.labels.tolist(),
        "first_width": network.layer.width,
        "max_bias": options.max_bias,
        "seed": options.seed,
        "order": options.order,
        "activation": options.activation,
        "device": device,
        "second_width": network.second_width,
        "second_width_per_class": network.second_width_per_class,
        "interpolated": network.interpolates,
        "accuracy": network.accuracy,
        "covered": network.covered,
        "n_parameters": network.n_parameters,
        "fit_seconds": round(seconds, 6),
        "peak_memory_bytes": _peak_memory_bytes(),
    }
    if device == "cuda":
        report["device_memory_bytes"] = peak_device_memory()
    print(json.dumps(report) if options.json else _readable(report))
    return 0


def _peak_memory_bytes() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _readable(report: dict) -> str:
    found = "interpolates" if report["interpolated"] else "does not interpolate"
    card = report.get("device_memory_bytes")
    on_card = "" if card is None else f" and {card / 1e9:.2g} GB of the card"
    return (
        f"{report['data']}: {report['n_samples']:,} points in dimension {report['input_dim']:,}, "
        f"{len(report['labels'])} classes\n"
        f"A network with first width {report['first_width']:,} and second width "
        f"{report['second_width']:,} ({report['n_parameters']:,} parameters) {found}:\n"
        f"accuracy {report['accuracy']:.6g}, covered {report['covered']:.6g}, "
        f"{report['fit_seconds']:.3g} s, {report['peak_memory_bytes'] / 1e9:.2g} GB{on_card}"
    )
