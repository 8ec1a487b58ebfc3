"""The table of targets: what was measured, what was to be reached, and whether it was."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.cases import (
    GIGA,
    MEMORY_BESIDE_FEATURES,
    POPCOUNT_SHARE,
    Case,
    Check,
    Result,
)
from benchmarks.peaks import Peaks
from benchmarks.scaling import FIRST_WIDTH, LARGEST_MEMORY

HEADER = ("case", "quantity", "measured", "target", "met", "remark")


@dataclass(frozen=True)
class Line:
    """A line of the table; without a target, it is there to be known."""

    case: str
    quantity: str
    measured: str
    target: str = ""
    met: str = ""
    remark: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The texts in the order of `HEADER`."""
        return (self.case, self.quantity, self.measured, self.target, self.met, self.remark)


def markdown(lines: list[Line]) -> str:
    """Write the lines as a Markdown table."""
    rows = [HEADER, ("---",) * len(HEADER), *(line.cells for line in lines)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def peak_lines(peaks: Peaks) -> list[Line]:
    """Lines of the peak rates."""
    machine = "one thread"
    return [
        Line(machine, "masked popcount, peak", f"{peaks.popcount:.1f} G words/s"),
        Line(machine, "memory, peak", f"{peaks.bandwidth:.1f} GB/s"),
        Line(machine, "matrix product, peak", f"{peaks.matrix_product:.0f} GFLOP/s"),
    ]


def case_lines(case: Case, result: Result | str, peaks: Peaks) -> list[Line]:
    """Lines of a case, or the one that says why it was not measured."""
    if isinstance(result, str):
        return [Line(case.name, "not measured", "", remark=result)]
    return list(_case_lines(case, result, peaks))


def _case_lines(case: Case, result: Result, peaks: Peaks) -> Iterator[Line]:
    name, trial, base = case.name, result.trial, result.baseline
    yield Line(
        name,
        "trial",
        duration(trial.seconds),
        f"<= {case.largest_seconds:g} s",
        _met(trial.seconds <= case.largest_seconds),
        _runs(trial.runs),
    )
    yield Line(name, "first layer", duration(trial.first_layer), remark=_first_rate(result, peaks))
    share = result.word_rate / peaks.popcount
    yield Line(
        name,
        "second layer",
        f"{duration(trial.second_layer)}, {share:.0%} of popcount peak",
        f">= {POPCOUNT_SHARE:.0%}",
        _met(share >= POPCOUNT_SHARE),
        f"{result.word_rate:.1f} G words/s; {trial.candidates:,} candidates evaluated, "
        f"{trial.second_width:,} neurons",
    )
    whole = base.measured_candidates >= trial.candidates
    yield Line(
        name,
        "baseline / trial",
        f"{result.ratio:.0f} x",
        f">= {case.least_ratio:g} x",
        _met(result.ratio >= case.least_ratio),
        f"baseline {duration(base.seconds)}"
        + ("" if whole else f", extrapolated from {base.measured_candidates:,} candidates"),
    )
    largest = result.packed + MEMORY_BESIDE_FEATURES
    yield Line(
        name,
        "peak memory",
        f"{result.memory / GIGA:.2f} GB",
        f"<= {largest / GIGA:.2f} GB",
        _met(result.memory <= largest),
        f"beside the points, {result.data / GIGA:.2f} GB; "
        f"packed features {result.packed / GIGA:.3f} GB",
    )


def _first_rate(result: Result, peaks: Peaks) -> str:
    if result.input_dim == 2:
        rate = result.pre_activations / result.trial.first_layer / GIGA
        return f"{rate:.1f} G pre-activations/s, no matrix product"
    share = result.flop_rate / peaks.matrix_product
    return f"{result.flop_rate:.0f} GFLOP/s, {share:.0%} of matrix product peak"


def check_line(check: Check) -> Line:
    """Line of the check of the extrapolation."""
    return Line(
        check.name,
        "baseline, whole",
        duration(check.measured),
        remark=f"extrapolated as above: {duration(check.extrapolated)}",
    )


def memory_line(n_samples: int, n_bytes: int) -> Line:
    """Line of the peak memory of the largest trial."""
    return Line(
        f"moons, N = {n_samples:,}, n = {FIRST_WIDTH:,}",
        "peak memory",
        f"{n_bytes / GIGA:.2f} GB",
        f"<= {LARGEST_MEMORY / GIGA:.2f} GB",
        _met(n_bytes <= LARGEST_MEMORY),
        "beside the points",
    )


def duration(seconds: float) -> str:
    """Write seconds for a reader: 3.1 ms, 0.62 s, 118 s."""
    if seconds < 0.1:
        return f"{1000 * seconds:.2g} ms"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"


def _met(reached: bool) -> str:
    return "yes" if reached else "**no**"


def _runs(runs: int) -> str:
    return "one run" if runs == 1 else f"median of {runs} runs"
