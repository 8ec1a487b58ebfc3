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

from benchmarks import cases, convolution, counting, gradients, scaling, table, training
from benchmarks.figure import draw
from benchmarks.peaks import Peaks, best_of, measure_peaks
from memrob.numerics.files import whole_file
from memrob.studies.provenance import provenance

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


@dataclass(frozen=True)
class Measurements:
    """All that a run measures.

    Attributes
    ----------
    peaks : Peaks
        Peak rates.
    cases : list of (Case, Result or str)
        Results, or why there is none.
    check : Check
        Of the baseline's extrapolation.
    steps : list of Step
        Both series.
    counting : list of Counting
        Both kernels of the second layer.
    gradients : list of Throughput
        Gradients a second; none in a quick run.
    training : StackTime or None
        Training of many networks; None in a quick run.
    invariant : InvariantFit or str or None
        The largest invariant network, or why it was not measured; None in a quick run.
    largest, memory : int
        Largest number of points, and the peak memory of its trial in bytes.
    """

    peaks: Peaks
    cases: list[tuple[cases.Case, cases.Result | str]]
    check: cases.Check
    steps: list[scaling.Step]
    counting: list[counting.Counting]
    gradients: list[gradients.Throughput]
    training: training.StackTime | None
    invariant: convolution.InvariantFit | str | None
    largest: int
    memory: int


def main(arguments: list[str] | None = None) -> None:
    """Measure and write `benchmarks/results/`; the table is printed too."""
    options = _options(arguments)
    start = time.perf_counter()
    with threadpool_limits(1):
        found = _measure(FULL if options.full else QUICK, options.full)
        blas = _blas()
    lines = _lines(found)
    about = {
        **provenance(ROOT),
        "threads": 1,
        "blas": blas,
        "blas_environment": {k: v for k, v in os.environ.items() if k.startswith("OPENBLAS_")},
        "extent": "full" if options.full else "quick",
        "seconds": round(time.perf_counter() - start, 1),
        "peaks": asdict(found.peaks),
        "targets": [dict(zip(table.HEADER, line.cells, strict=True)) for line in lines],
    }
    results = [result for _, result in found.cases if isinstance(result, cases.Result)]
    rows = [*map(cases.as_row, results), *map(scaling.as_row, found.steps)]
    rows += map(counting.as_row, found.counting)
    rows += map(gradients.as_row, found.gradients)
    if found.training is not None:
        rows.append(training.as_row(found.training))
    if isinstance(found.invariant, convolution.InvariantFit):
        rows.append(convolution.as_row(found.invariant))
    with whole_file(options.out / "benchmark.csv") as path:
        pd.DataFrame(rows).to_csv(path, index=False)
    with whole_file(options.out / "benchmark.json") as path:
        path.write_text(json.dumps(about, indent=2) + "\n")
    draw(found.steps, results, found.peaks, options.out / "benchmark.pdf")
    print(f"{about['machine']}; one thread; {blas}; {about['seconds']:.0f} s\n")
    print(table.markdown(lines))


def _measure(extent: Extent, full: bool) -> Measurements:
    _say("peaks")
    first_peaks = measure_peaks()
    found = []
    for case in cases.CASES:
        if full or case.quick:
            _say(case.name)
            found.append((case, cases.measure_case(case, extent.baseline_seconds)))
        else:
            found.append((case, "only with --full"))
    _say("check of the extrapolation")
    check = cases.check_extrapolation(extent.baseline_seconds)
    _say("tiled and sliced counting")
    found_counting = counting.measure_counting(extent.widths)
    _say("time against the number of hyperplanes")
    steps = scaling.against_first_width(extent.widths)
    _say("time against the number of points")
    steps += scaling.against_n_samples(extent.sizes)
    found_gradients, found_training, found_invariant = [], None, None
    if full:
        _say("gradients of ReLU networks")
        found_gradients = gradients.measure_gradients()
        _say("training of many networks")
        found_training = training.measure_training()
        _say("the largest invariant network")
        found_invariant = convolution.measure_invariant()
    _say("peak memory")
    memory = scaling.memory_of_largest(max(extent.sizes))
    # Measured twice, since what else runs on the machine disturbs a short measurement most.
    peaks = best_of(first_peaks, measure_peaks())
    return Measurements(
        peaks,
        found,
        check,
        steps,
        found_counting,
        found_gradients,
        found_training,
        found_invariant,
        max(extent.sizes),
        memory,
    )


def _lines(found: Measurements) -> list[table.Line]:
    lines = table.peak_lines(found.peaks)
    for case, result in found.cases:
        lines += table.case_lines(case, result, found.peaks)
    lines.append(table.check_line(found.check))
    lines.append(table.memory_line(found.largest, found.memory))
    lines += counting.counting_lines(found.counting)
    lines += gradients.gradient_lines(found.gradients)
    if found.training is not None:
        lines += training.training_lines(found.training)
    if found.invariant is not None:
        lines += convolution.invariant_lines(found.invariant, found.peaks)
    return lines


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
