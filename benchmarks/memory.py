"""Peak memory of one trial, in a process of its own.

``python -m benchmarks.memory X.npy y.npy FIRST_WIDTH MAX_BIAS [LENGTH ...]`` prints it in bytes;
with the lengths of the axes of a grid, of an invariant network on it.
"""

import resource
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]


def peak_memory(
    folder: Path,
    X: np.ndarray,
    y: np.ndarray,
    first_width: int,
    max_bias: float,
    grid_shape: tuple[int, ...] = (),
) -> int:
    """Measure the peak memory of a process that reads points and constructs a network.

    Parameters
    ----------
    folder : path
        Where the points are put for the process, and removed afterwards.
    X : (N, d) float32
        Points.
    y : (N,) int64
        Labels.
    first_width : int
        Number of hyperplanes n.
    max_bias : float
        Maximal bias lambda.
    grid_shape : tuple of int, optional
        Lengths of the axes of a cyclic grid, for an invariant network.

    Returns
    -------
    int
        Bytes, less those of `X` and `y`; interpreter and libraries are counted.
    """
    paths = [folder / "X.npy", folder / "y.npy"]
    for path, array in zip(paths, (X, y), strict=True):
        np.save(path, array)
    arguments = [*map(str, paths), str(first_width), str(max_bias), *map(str, grid_shape)]
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "benchmarks.memory", *arguments],
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    finally:
        for path in paths:
            path.unlink(missing_ok=True)
    return int(answer.stdout) - X.nbytes - y.nbytes


def peak_of_this_process() -> int:
    """Largest resident memory of this process so far in bytes."""
    # Linux lets a new process begin with the ru_maxrss of its parent, so that it is asked last.
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest if sys.platform == "darwin" else largest * 1024


def main() -> None:
    """Construct one network of the points in two files and print the peak memory."""
    from threadpoolctl import threadpool_limits

    from memrob import convolution, interpolation

    X, y = (np.load(path) for path in sys.argv[1:3])
    sizes = {"first_width": int(sys.argv[3]), "max_bias": float(sys.argv[4]), "seed": 0}
    with threadpool_limits(1):
        if len(sys.argv) > 5:
            convolution.fit(X, y, grid_shape=tuple(map(int, sys.argv[5:])), **sizes)
        else:
            interpolation.fit(X, y, **sizes)
    print(peak_of_this_process())


if __name__ == "__main__":
    main()
