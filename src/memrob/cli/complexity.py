"""`memrob complexity`: what the theorem of [M] and worst-case results ask for on a data set."""

import argparse
import math
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from memrob.cli.complexity_report import readable
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
    import pandas as pd

    from memrob.complexity.profile import ClassComplexity, Complexity
    from memrob.data.tables import LabelledPoints


def add_parser(commands: argparse._SubParsersAction) -> None:
    """Add the command to the parser of `memrob`."""
    parser = commands.add_parser(
        "complexity",
        description="Separation, mutual coverings and Gaussian mean widths of labelled points, and "
        "with them the first and second width that the theorem on random hyperplanes asks for, "
        "beside what worst-case results ask for on as many points.",
    )
    add_data_options(parser)
    parser.add_argument(
        "--max-bias",
        type=decimal,
        required=True,
        metavar="LAMBDA",
        help="maximal bias of the hyperplanes; at least of the order of the largest norm",
    )
    parser.add_argument(
        "--constant",
        type=decimal,
        default=0.5,
        metavar="C",
        help="factor of the radii of the balls, which the theorem leaves open (0.5)",
    )
    parser.add_argument(
        "--eta", type=decimal, default=0.01, help="probability of failure of the theorem (0.01)"
    )
    parser.add_argument(
        "--draws", type=whole, default=1000, help="Gaussian vectors for the mean widths (1000)"
    )
    parser.add_argument("--seed", type=whole, default=0, help="seed of the Gaussian vectors (0)")
    parser.add_argument(
        "--threads", type=whole, metavar="T", help="threads of the matrix products (all cores)"
    )
    add_plot_option(parser, "the sizes of the coverings, and parameters beside worst-case results")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command; see `memrob.complexity.profile.complexity` for what it does."""
    # Imported here, so that other commands and --help do not wait for the kernels.
    from threadpoolctl import threadpool_limits

    from memrob.complexity.capacity import Problem, capacity_table
    from memrob.complexity.profile import complexity
    from memrob.complexity.separation import point_separation

    _require_sensible(options)
    points = read_points(options)
    limits = threadpool_limits(options.threads) if options.threads else nullcontext()
    start = time.perf_counter()
    with limits:
        found = complexity(
            points.X,
            points.y,
            options.max_bias,
            constant=options.constant,
            eta=options.eta,
            draws=options.draws,
            seed=options.seed,
            both_roles=True,
        )
        closest = point_separation(points.X)
    # Rounding may put antipodal points of the unit sphere a little further apart than 2.
    scaled = min(closest.distance / found.radius, 2.0)
    bounds = capacity_table(Problem(*points.X.shape, scaled, len(points.class_names)))
    report = _report(options, points, found, bounds) | {
        "point_separation": closest.distance,
        "point_separation_rows": list(closest.rows),
        "seconds": round(time.perf_counter() - start, 6),
        "peak_memory_bytes": peak_memory_bytes(),
    }
    if options.plot is not None:
        from memrob.cli.plots.complexity import own_complexity

        save_plot(lambda: own_complexity(report, title=shown_path(options.data.name)), options.plot)
        report["plot"] = str(options.plot)
    print(strict_json(report) if options.json else readable(report))
    return 0


def _require_sensible(options: argparse.Namespace) -> None:
    check_plot(options.plot)
    if options.threads is not None and options.threads < 1:
        raise UserError(f"--threads: is {options.threads}; it must be at least 1")
    if options.seed < 0:
        raise UserError(f"--seed: is {options.seed}; it must be at least 0")
    if options.draws < 2:
        raise UserError(f"--draws: is {options.draws}; it must be at least 2")
    for name in ("max_bias", "constant"):
        value = getattr(options, name)
        if not 0 < value < math.inf:
            flag = "--" + name.replace("_", "-")
            raise UserError(f"{flag}: is {value}; it must be a finite number above 0")
    if not 0 < options.eta < 1:
        raise UserError(f"--eta: is {options.eta}; it must lie between 0 and 1")


def _report(
    options: argparse.Namespace,
    points: "LabelledPoints",
    found: "Complexity",
    bounds: "pd.DataFrame",
) -> dict[str, Any]:
    facts = data_facts(options, points)
    names = dict(zip(facts["labels"], points.class_names, strict=True))
    return facts | {
        "max_bias": options.max_bias,
        "constant": options.constant,
        "eta": options.eta,
        "draws": options.draws,
        "seed": options.seed,
        "delta": found.separation.distance,
        "delta_rows": list(found.separation.rows),
        "classes": [_of_class(found, of, names[of.label]) for of in found.classes],
        "swapped": [_of_class(found, of, names[of.label]) for of in found.swapped],
        "first_width_shape": found.first_width,
        "second_width_bound": found.second_width,
        "capacity": bounds.to_dict("records"),
    }


def _of_class(whole: "Complexity", found: "ClassComplexity", name: str) -> dict[str, Any]:
    sizes = whole.sizes(found)
    return {
        "label": found.label,
        "name": name,
        "n_minus": found.n_minus,
        "n_plus": found.n_plus,
        "M_minus": found.M_minus,
        "M_plus": found.M_plus,
        "separation": found.separation,
        "centre_separation": found.centre_separation,
        "omega": found.omega.value,
        "omega_error": found.omega.standard_error,
        "first_width_shape": found.first_width,
        "neurons_shape": sizes.neurons,
        "parameters_shape": sizes.parameters,
    }
