"""The report of `memrob complexity` for people."""

from typing import Any

from memrob.cli.own_points import aligned, data_line, number

# Classes that are listed one by one.
_LISTED = 30


def readable(report: dict[str, Any]) -> str:
    """Report in lines of text.

    Parameters
    ----------
    report : dict
        What `memrob complexity --json` prints, infinite numbers as such.

    Returns
    -------
    str
        Without a line break at its end.
    """
    i, j = report["delta_rows"]
    k, m = report["point_separation_rows"]
    lines = [
        data_line(report),
        f"Separation: classes {report['delta']:.4g} (rows {i} and {j}), any two distinct points "
        f"{report['point_separation']:.4g} (rows {k} and {m}; rows are counted from 0)",
        f"Mutual coverings for maximal bias {report['max_bias']:g}, a class (-) against the rest "
        "(+):",
        *_classes(report, "classes"),
        "The roles exchanged, the rest (-) against a class (+):",
        *_classes(report, "swapped"),
        *_theorem(report),
        "",
        "Worst-case results, for any labels of as many points (~ up to constants and logarithms):",
        *_capacity(report),
    ]
    if "plot" in report:
        lines.append(f"Figure: {report['plot']}")
    lines.append(f"{report['seconds']:.3g} s, {report['peak_memory_bytes'] / 1e9:.2g} GB")
    return "\n".join(lines)


def _classes(report: dict[str, Any], roles: str) -> list[str]:
    rows = [("class", "points", "M-", "M+", "delta", "omega", "first width", "parameters")]
    for found in report[roles][:_LISTED]:
        rows.append(
            (
                found["name"],
                f"{found['n_minus']:,}",
                f"{found['M_minus']:,}",
                f"{found['M_plus']:,}",
                f"{found['centre_separation']:.4g}",
                f"{found['omega']:.3g} +- {found['omega_error']:.1g}",
                f"~{number(found['first_width_shape'])}",
                f"~{number(found['parameters_shape'])}",
            )
        )
    more = len(report["classes"]) - _LISTED
    lines = aligned(rows)
    return [*lines, f"  ... and {more:,} more classes (--json lists all)"] if more > 0 else lines


def _theorem(report: dict[str, Any]) -> list[str]:
    lines = [
        f"Theorem: with a first width of order {number(report['first_width_shape'])} (constants "
        "are open) each class is interpolated with probability",
        f"at least {1 - report['eta']:g}, and the second width is at most "
        f"{report['second_width_bound']:,}: M-, summed over the classes that have a detector.",
    ]
    exchanged = sum(found["M_minus"] for found in report["swapped"])
    if len(report["classes"]) == 1 and exchanged < report["second_width_bound"]:
        lines.append(
            f"With the roles exchanged (memrob interpolate --swap) it is at most {exchanged:,}."
        )
    if 2 * report["max_bias"] < report["largest_norm"]:
        lines.append(
            "It asks for a maximal bias of at least the order of the largest norm, "
            f"{report['largest_norm']:.3g}."
        )
    return lines


def _capacity(report: dict[str, Any]) -> list[str]:
    rows = [("result", "hidden layers", "neurons", "parameters", "parameters / N")]
    for bound in report["capacity"]:
        about = "" if bound["exact_constant"] else "~"
        a_point = bound["parameters"] / report["n_samples"]
        rows.append(
            (
                f"{bound['name']} ({bound['activation']})",
                bound["hidden_layers"].partition(",")[0],
                about + number(bound["neurons"]),
                about + number(bound["parameters"]),
                about + number(a_point),
            )
        )
    return aligned(rows)
