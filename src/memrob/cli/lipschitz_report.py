"""What `memrob lipschitz` prints: one JSON object, or lines for people."""

import argparse
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from memrob.lipschitz.bracket import Bracket
from memrob.lipschitz.operators.network import OperatorNetwork
from memrob.lipschitz.targets import Target

KINDS = (
    ("lower", "at least", ROUND_FLOOR),
    ("exact", "exactly", ROUND_HALF_EVEN),
    ("upper", "at most", ROUND_CEILING),
)

DIGITS = 10
"""Significant digits that are printed."""

SHOWN_RADII = 4
"""Radii that are printed; three dots stand for the others."""


def report_of(
    options: argparse.Namespace,
    network: OperatorNetwork,
    targets: list[Target],
    found: list[dict[float, Bracket]],
) -> dict[str, Any]:
    """Content of the JSON object; for several exponents or margins a list of them as results."""
    if options.network is None:
        source = {"network": None, "bias": options.bias or "zero"}
    else:
        output = targets[0].output if targets[0].q is None else "all"
        source = {"network": str(options.network), "output": output}
    report = source | {
        "seed": options.seed,
        "input_dim": network.input_dim,
        "widths": list(network.widths),
        "depth": network.depth,
    }
    if network.n_outputs > 1:
        report["n_outputs"] = network.n_outputs
    results = [
        _result(options, target, known)
        for target, by_p in zip(targets, found, strict=True)
        for known in by_p.values()
    ]
    if len(results) == 1:
        report |= results[0]
    else:
        report |= {"method": options.method, "results": results}
    if options.at is not None:
        report |= {"at": options.at, "radius": options.radius, "norm": options.norm or "inf"}
    return report if options.within is None else report | {"within": options.within}


def _result(options: argparse.Namespace, target: Target, found: Bracket) -> dict[str, Any]:
    result = {
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
    if target.margin is not None:
        result["margin"] = list(target.margin)
    if target.q is not None:
        combination = getattr(found, "combination", None)
        result["q"] = getattr(found, "q", found.p)
        result["combination"] = None if combination is None else combination.tolist()
    return result


def readable(report: dict[str, Any]) -> str:
    """Lines for people."""
    hidden = " x ".join(f"{width:,}" for width in report["widths"]) or "none"
    name = report["network"] or f"random network, {report['bias']} biases, seed {report['seed']}"
    if report.get("output") is not None:
        name += ", all outputs" if report["output"] == "all" else f", output {report['output']}"
    lines = [f"{name}: input dimension {report['input_dim']:,}, hidden layers {hidden}"]
    results = report.get("results", [report])
    for index, result in enumerate(results):
        last = index == len(results) - 1
        lines += _lines(result, report, f", {report['seconds']:.3g} s" if last else "")
    lines += [f"assumed: {note}" for note in report.get("assumptions", [])]
    return "\n".join(lines)


def rounded_text(value: float, rounding: str) -> str:
    """Write a number with ten digits, so that what is read back of a bound is still one.

    Parameters
    ----------
    value : float
        The number.
    rounding : str
        Of the constants of `decimal`, such as ``ROUND_CEILING``.
    """
    text = f"{value:.{DIGITS}g}"
    read = float(text)
    if {ROUND_FLOOR: read <= value, ROUND_CEILING: read >= value}.get(rounding, True):
        return text
    rounded = Context(prec=DIGITS, rounding=rounding).create_decimal(Decimal(value))
    return f"{float(rounded):.{DIGITS}g}"


def short(value: float) -> str:
    """A number with six digits, or with all where six are another number."""
    text = f"{value:g}"
    return text if float(text) == value else repr(float(value))


def _lines(result: dict[str, Any], report: dict[str, Any], seconds: str) -> list[str]:
    p = result["p"]
    about = f"gradients in the norm of l^p', p' = {result['conjugate_p']:.4g}"
    if "q" in result:
        about = f"from l^{short(p)} to l^{short(result['q'])}"
    of = (
        f" of output {result['margin'][0]} less {result['margin'][1]}" if "margin" in result else ""
    )
    lines = [f"Lipschitz constant{of} for p = {short(p)} ({about}){seconds}:"]
    for kind, text, rounding in KINDS:
        if result[kind] is not None:
            number = rounded_text(result[kind], rounding)
            lines.append(f"  {text:8} {number}  ({result[f'{kind}_method']})")
    if "within" in report:
        size = short(report["within"])
        lines.append(f"  at points in the cube [-{size}, {size}]^d")
    if "at" in report:
        kind = "ball" if report["norm"] == "2" else "box"
        radius = ", ".join(map(short, report["radius"][:SHOWN_RADII]))
        radius += ", ..." if len(report["radius"]) > SHOWN_RADII else ""
        lines.append(f"  at points in the {kind} of radius {radius} about the point given")
    if result["method"] == "all" and result["exact"] is None:
        lines.append("  the exact value is out of reach")
    if result["method"] == "exact" and result["exact"] is None:
        lines.append("  the exact value is not settled: --nodes or --time let the search go on")
    return lines
