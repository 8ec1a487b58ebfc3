"""`memrob interpolate`: construct an interpolating network for data of the user's own."""

import argparse
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from memrob.cli.interpolation_report import readable
from memrob.cli.numbers import decimal, whole
from memrob.cli.own_points import (
    add_data_options,
    add_plot_option,
    check_plot,
    data_facts,
    peak_memory_bytes,
    read_points,
    save_plot,
    shown_path,
)
from memrob.cli.strict_json import strict_json
from memrob.errors import UserError

if TYPE_CHECKING:
    from memrob.data.tables import LabelledPoints
    from memrob.interpolation.network import Network

SEARCH_SECONDS = 10.0


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Add the command to the parser of `memrob`."""
    parser = commands.add_parser(
        "interpolate",
        description="Construct a two-layer threshold network on random hyperplanes that "
        "interpolates a data set, and report how large it is.",
    )
    add_data_options(parser)
    parser.add_argument(
        "--first-width", type=whole, required=True, metavar="n", help="number of hyperplanes"
    )
    parser.add_argument(
        "--max-bias",
        type=decimal,
        required=True,
        metavar="LAMBDA",
        help="biases are uniform on [-LAMBDA, LAMBDA]; of the order of the largest norm",
    )
    parser.add_argument("--seed", type=whole, default=0, help="seed of the random numbers (0)")
    parser.add_argument(
        "--order",
        default="permutation",
        choices=["permutation", "greedy", "cluster", "reference"],
        help="how candidates are taken: at random, greedily for fewer neurons, grown to clusters "
        "for far fewer, or as in published trials (permutation)",
    )
    parser.add_argument(
        "--activation", default="threshold", choices=["threshold", "relu"], help="(threshold)"
    )
    parser.add_argument(
        "--slack",
        type=points_or_share,
        default=0,
        metavar="S",
        help="points of other classes, or share of them, at which a neuron may fire: for noise (0)",
    )
    parser.add_argument(
        "--min-cover",
        type=whole,
        default=1,
        metavar="C",
        help="drop neurons that fire at fewer points of their class (1)",
    )
    parser.add_argument(
        "--decision",
        default="detection",
        choices=["detection", "margin"],
        help="the highest class that is detected, or the one of the largest margin (detection)",
    )
    parser.add_argument(
        "--adaptive",
        action="store_true",
        help="sample hyperplanes, n at least, until every two classes are separated",
    )
    parser.add_argument(
        "--swap",
        action="store_true",
        help="exchange the roles of two classes: the smaller label gets the neurons",
    )
    parser.add_argument(
        "--threads", type=whole, metavar="T", help="threads of the matrix products (all cores)"
    )
    parser.add_argument(
        "--device",
        default="cpu",
        choices=["cpu", "cuda", "auto"],
        help="where to compute; cuda needs torch and a graphics card (cpu)",
    )
    parser.add_argument(
        "--smallest",
        action="store_true",
        help="bound how small the second layer could be upon these hyperplanes",
    )
    parser.add_argument(
        "--time",
        type=decimal,
        metavar="S",
        help=f"seconds that --smallest may search where its bounds differ ({SEARCH_SECONDS:g})",
    )
    add_plot_option(parser, "the decision regions in the plane, or else a projection and widths")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command; see `memrob.interpolation.fit` for what it does."""
    # Imported here, so that other commands and --help do not wait for the kernels.
    from threadpoolctl import threadpool_limits

    from memrob.interpolation import fit
    from memrob.interpolation.device import choose_device, peak_device_memory

    if options.threads is not None and options.threads < 1:
        raise UserError(f"--threads: is {options.threads}; it must be at least 1")
    _check_smallest(options)
    check_plot(options.plot)
    device = choose_device(options.device, options.order, options.activation)
    points = read_points(options)
    limits = threadpool_limits(options.threads) if options.threads else nullcontext()
    start = time.perf_counter()
    with limits:
        network = fit(
            points.X,
            points.y,
            first_width=options.first_width,
            max_bias=options.max_bias,
            seed=options.seed,
            order=options.order,
            activation=options.activation,
            adaptive=options.adaptive,
            swap=options.swap,
            device=device,
            slack=options.slack,
            min_cover=options.min_cover,
            decision=options.decision,
        )
    seconds = time.perf_counter() - start
    # Before the report and the figure take memory of their own.
    measured = {"fit_seconds": round(seconds, 6), "peak_memory_bytes": peak_memory_bytes()}
    report = _report(options, points, network) | {"device": device} | measured
    if device == "cuda":
        report["device_memory_bytes"] = peak_device_memory()
    if options.smallest:
        report["smallest"] = _smallest(options, points, network)
    if options.plot is not None:
        from memrob.cli.plots.data import own_data

        save_plot(
            lambda: own_data(network, points, title=shown_path(options.data.name)), options.plot
        )
        report["plot"] = str(options.plot)
    print(strict_json(report) if options.json else readable(report))
    return 0


def _check_smallest(options: argparse.Namespace) -> None:
    if options.time is not None and not options.smallest:
        raise UserError("--time: is for --smallest, which is not asked for")
    if options.time is not None and not options.time >= 0:
        raise UserError(f"--time: is {options.time}; it must be a number of seconds >= 0")
    published = options.slack == 0 and options.min_cover == 1
    if options.smallest and (options.activation == "relu" or not published):
        raise UserError("--smallest: is for threshold networks without --slack and --min-cover")


def _smallest(
    options: argparse.Namespace, points: "LabelledPoints", network: "Network"
) -> dict[str, Any]:
    from dataclasses import asdict

    from memrob.interpolation import least_widths

    seconds = SEARCH_SECONDS if options.time is None else options.time
    start = time.perf_counter()
    bounds = least_widths(network, points.X, points.y, seconds=seconds)
    return {
        "lower": sum(each.lower for each in bounds),
        "upper": sum(each.upper for each in bounds),
        "greedy": sum(each.greedy for each in bounds),
        "closed": all(each.closed for each in bounds),
        "per_class": [asdict(each) for each in bounds],
        "seconds": round(time.perf_counter() - start, 6),
    }


def points_or_share(text: str) -> int | float:
    """Value of --slack: a whole number of points, or a share of them."""
    return whole(text) if text.isascii() and text.isdecimal() else decimal(text)


def _report(
    options: argparse.Namespace, points: "LabelledPoints", network: "Network"
) -> dict[str, Any]:
    from memrob.data.tables import uneven_scales

    return data_facts(options, points) | {
        "uneven_scales": uneven_scales(points.X),
        "first_width": network.layer.width,
        "max_bias": options.max_bias,
        "seed": options.seed,
        "order": options.order,
        "activation": options.activation,
        "slack": options.slack,
        "min_cover": options.min_cover,
        "decision": options.decision,
        "adaptive": options.adaptive,
        "swap": options.swap,
        "second_width": network.second_width,
        "second_width_per_class": network.second_width_per_class,
        "covered_per_class": [detector.n_covered for detector in network.detectors],
        "interpolated": network.interpolates,
        "accuracy": network.accuracy,
        "covered": network.covered,
        "n_parameters": network.n_parameters,
    }
