"""The report of `memrob interpolate` for people: what was constructed, and what to try if not."""

from typing import Any

from memrob.cli.own_points import aligned, data_line, number

# Classes that are listed one by one.
_LISTED = 30


def readable(report: dict[str, Any]) -> str:
    """Report in lines of text.

    Parameters
    ----------
    report : dict
        What `memrob interpolate --json` prints.

    Returns
    -------
    str
        Without a line break at its end.
    """
    n_parameters = report["n_parameters"]
    per_point = n_parameters / report["n_samples"]
    found = "interpolates" if report["interpolated"] else "does not interpolate"
    lines = [
        data_line(report),
        f"A network with first width {report['first_width']:,} and second width "
        f"{report['second_width']:,} ({n_parameters:,} parameters, "
        f"{number(per_point)} per point) {found}:",
        *_class_table(report),
        *_uncovered(report),
    ]
    if "smallest" in report:
        lines.append(_smallest(report["smallest"]))
    if "plot" in report:
        lines.append(f"Figure: {report['plot']}")
    card = report.get("device_memory_bytes")
    on_card = "" if card is None else f" and {card / 1e9:.2g} GB of the card"
    lines.append(
        f"accuracy {report['accuracy']:.6g}, covered {report['covered']:.6g}, "
        f"{report['fit_seconds']:.3g} s, {report['peak_memory_bytes'] / 1e9:.2g} GB{on_card}"
    )
    return "\n".join(lines)


def _smallest(found: dict[str, Any]) -> str:
    lower, upper = found["lower"], found["upper"]
    least = "The least number of neurons of single points upon these hyperplanes"
    if lower == upper:
        return f"{least} is {upper:,} (proved)."
    if found["closed"]:
        return f"{least} is {upper:,} by search (at least {lower:,} is proved)."
    return (
        f"{least} lies between {lower:,} (proved) and {upper:,} (found); greedy selection gives"
        f" {found['greedy']:,}."
    )


def _class_table(report: dict[str, Any]) -> list[str]:
    names, sizes = report["class_names"], report["class_sizes"]
    widths = [f"{width:,}" for width in report["second_width_per_class"]]
    covered = [f"{count:,}" for count in report["covered_per_class"]]
    if len(names) == 2:
        # Only the class that plays X- has a detector; the other is where none fires.
        detected = _detected(report)
        widths = ["-" if k != detected else widths[0] for k in (0, 1)]
        covered = ["-" if k != detected else covered[0] for k in (0, 1)]
    rows = [("class", "points", "second width", "covered")]
    rows += zip(names, (f"{size:,}" for size in sizes), widths, covered, strict=True)
    more = len(rows) - 1 - _LISTED
    lines = aligned(rows[: _LISTED + 1])
    return [*lines, f"  ... and {more:,} more classes (--json lists all)"] if more > 0 else lines


def _detected(report: dict[str, Any]) -> int:
    """Which of two classes has the detector: the larger label, or the smaller if exchanged."""
    return 0 if report["swap"] else 1


def _uncovered(report: dict[str, Any]) -> list[str]:
    sizes = report["class_sizes"]
    if len(sizes) == 2:
        sizes = [sizes[_detected(report)]]
    missed = sum(sizes) - sum(report["covered_per_class"])
    points = f"{missed:,} points have" if missed > 1 else "1 point has"
    if missed and report["interpolated"]:
        return [f"{points} no neuron that fires; the rule for that case names their class."]
    if not missed:
        return []
    return [f"{points} no neuron that fires. What to try:", *(f"  {t}" for t in _advice(report))]


def _advice(report: dict[str, Any]) -> list[str]:
    n, max_bias, norm = report["first_width"], report["max_bias"], report["largest_norm"]
    nearer = f"--max-bias nearer the largest norm ({norm:.3g}), now {max_bias:g}"
    # First what most likely is the reason.
    far_off, others = [], [f"--first-width {2 * n} or more"]
    if max_bias == 0:
        far_off.append(
            f"--max-bias above 0, up to the largest norm ({norm:.3g}): hyperplanes through the "
            "origin never separate two points of one ray"
        )
    elif max_bias < norm / 4:
        far_off.append(nearer)
    elif max_bias > 4 * norm:
        far_off.append(f"{nearer}: most hyperplanes miss the points")
    else:
        others.append(f"another --max-bias, smaller or larger than {max_bias:g}")
    if report["uneven_scales"] and not report["standardized"]:
        far_off.append(
            "--standardize (and then another --max-bias), as features differ in scale or lie far "
            "from 0"
        )
    if not report["adaptive"]:
        others.append("--adaptive, which adds hyperplanes until every two classes are separated")
    return far_off + others
