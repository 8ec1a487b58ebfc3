"""The largest invariant network: its time beside that of its matrix product, and its memory."""

import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.memory import peak_memory
from benchmarks.peaks import Peaks
from benchmarks.points import MissingPointsError, points
from benchmarks.table import Line
from memrob.convolution import fit

DATASET, GRID, FIRST_WIDTH, MAX_BIAS = "mnist_shifted", (32, 32), 500, 0.5
GIGA = 1e9
LARGEST_MEMORY = 8.0
"""Target in GB."""


@dataclass(frozen=True)
class InvariantFit:
    """What was measured of the construction of one network, invariant under all shifts.

    Attributes
    ----------
    n_samples, n_shifts, input_dim, first_width, second_width : int
        Sizes of the case.
    seconds : float
        Time of the construction.
    memory : int
        Peak memory of a process in bytes, without the points.
    """

    n_samples: int
    n_shifts: int
    input_dim: int
    first_width: int
    second_width: int
    seconds: float
    memory: int

    def product_seconds(self, peak: float) -> float:
        """Time that the products with all shifted signals would take at `peak` GFLOP/s."""
        products = self.n_samples * self.n_shifts * self.first_width
        return 2 * products * self.input_dim / GIGA / peak


def measure_invariant() -> InvariantFit | str:
    """Construct the network once, and once more for its memory; a text where data lack."""
    try:
        X, y = points(DATASET, 0)
    except MissingPointsError as error:
        return str(error)
    start = time.perf_counter()
    network = fit(X, y, grid_shape=GRID, first_width=FIRST_WIDTH, max_bias=MAX_BIAS, seed=0)
    seconds = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        memory = peak_memory(Path(folder), X, y, FIRST_WIDTH, MAX_BIAS, GRID)
    return InvariantFit(
        len(y),
        network.layer.group.order,
        X.shape[1],
        FIRST_WIDTH,
        network.second_width,
        seconds,
        memory,
    )


def invariant_lines(found: InvariantFit | str, peaks: Peaks) -> list[Line]:
    """Lines of the table."""
    if isinstance(found, str):
        return [Line(f"{DATASET}, all shifts", "not measured", "", remark=found)]
    case = (
        f"{DATASET}, N = {found.n_samples:,}, all {found.n_shifts:,} shifts, "
        f"n = {found.first_width}"
    )
    product = found.product_seconds(peaks.matrix_product)
    memory = found.memory / GIGA
    return [
        Line(
            case,
            "construction",
            f"{found.seconds:.0f} s",
            remark=f"{product / found.seconds:.1f} x the matrix product with all shifted images",
        ),
        Line(
            case,
            "peak memory beside the points",
            f"{memory:.2f} GB",
            f"<= {LARGEST_MEMORY:.0f} GB",
            "yes" if memory <= LARGEST_MEMORY else "**no**",
        ),
    ]


def as_row(found: InvariantFit) -> dict:
    """Row of the table of measurements."""
    return {"series": "invariant", "dataset": DATASET, **asdict(found)}
