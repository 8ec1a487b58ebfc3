"""Measure, in one run on one thread, and keep a table and a figure.

``python -m benchmarks.run --quick`` or ``--full``, in the folder of the repository.
"""

import argparse
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_info, threadpool_limits

from benchmarks import cases, scaling, table
from benchmarks.figure import draw
from benchmarks.peaks import Peaks, measure_peaks
from memrob.experiments.provenance import provenance
from memrob.numerics.files import whole_file

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"


@dataclass(frozen=True)
class Extent:
    """How much is measured.

    Attributes
    ----------
    widths, sizes : list of int
        Numbers of hyperplanes and of points of the series.
    baseline_seconds : float
        Time for the baseline's candidates in each case.
    """

    widths: list[int]
    sizes: list[int]
    baseline_seconds: float


QUICK = Extent([100, 300, 1000], [10**3, 10**4, 10**5, 10**6], 2.0)
FULL = Extent(
    [100, 200, 500, 1000, 2000, 5000, 10_000],
    [10**3, 3 * 10**3, 10**4, 3 * 10**4, 10**5, 3 * 10**5, 10**6, 3 * 10**6, 10**7],
    15.0,
)


def main(arguments: list[str] | None = None) -> None:
    """Measure and write `benchmarks/results/`; the table is printed too."""
    options = _options(arguments)
    start = time.perf_counter()
    with threadpool_limits(1):
        lines, rows, results, steps, peaks = _measure(options.full)
        blas = _blas()
    about = {
        **provenance(ROOT),
        "threads": 1,
        "blas": blas,
        "blas_environment": {k: v for k, v in os.environ.items() if k.startswith("OPENBLAS_")},
        "extent": "full" if options.full else "quick",
        "seconds": round(time.perf_counter() - start, 1),
        "peaks": asdict(peaks),
        "targets": [dict(zip(table.HEADER, line.cells, strict=True)) for line in lines],
    }
    with whole_file(options.out / "benchmark.csv") as path:
        pd.DataFrame(rows).to_csv(path, index=False)
    with whole_file(options.out / "benchmark.json") as path:
        path.write_text(json.dumps(about, indent=2) + "\n")
    draw(steps, results, options.out / "benchmark.pdf")
    print(f"{about['machine']}; one thread; {blas}; {about['seconds']:.0f} s\n")
    print(table.markdown(lines))


def _measure(full: bool):
    extent = FULL if full else QUICK
    _say("peaks")
    peaks = measure_peaks()
    lines, rows, results = table.peak_lines(peaks), [], []
    for case in cases.CASES:
        if not (full or case.quick):
            lines.append(table.Line(case.name, "not measured", "", remark="with --full"))
            continue
        _say(case.name)
        result = cases.measure_case(case, extent.baseline_seconds)
        lines += table.case_lines(case, result, peaks)
        if isinstance(result, cases.Result):
            results.append(result)
            rows.append(cases.as_row(result))
    _say("check of the extrapolation")
    lines.append(table.check_line(cases.check_extrapolation(extent.baseline_seconds)))
    steps = _scaling(extent, peaks)
    rows += [scaling.as_row(step) for step in steps]
    _say("peak memory")
    largest = max(extent.sizes)
    lines.append(table.memory_line(largest, scaling.memory_of_largest(largest)))
    return lines, rows, results, steps, peaks


def _scaling(extent: Extent, peaks: Peaks) -> list[scaling.Step]:
    _say("time against the number of hyperplanes")
    steps = scaling.against_first_width(extent.widths, peaks)
    _say("time against the number of points")
    return steps + scaling.against_n_samples(extent.sizes, peaks)


def _blas() -> str:
    # SciPy may bring a BLAS of its own; the matrix products are NumPy's.
    found = [info for info in threadpool_info() if info["user_api"] == "blas"]
    found.sort(key=lambda info: "numpy" not in info["filepath"])
    if not found:
        return "BLAS unknown"
    name, architecture = found[0]["internal_api"], found[0].get("architecture", "unknown")
    return f"{name} {found[0]['version']} for {architecture}"


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    extent = parser.add_mutually_exclusive_group(required=True)
    extent.add_argument("--quick", action="store_true", help="about a minute")
    extent.add_argument("--full", action="store_true", help="all cases, about ten minutes")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the results")
    return parser.parse_args(arguments)


def _say(what: str) -> None:
    print(f"... {what}", flush=True)


if __name__ == "__main__":
    main()
