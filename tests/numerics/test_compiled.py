"""When kernels are compiled, and what is said where they cannot be kept."""

import os
import subprocess
import sys
from pathlib import Path

TABLE = "x,y,label\n" + "".join(f"{i},{i * i % 7},{i % 2}\n" for i in range(20))

# Each thread calls a kernel that none has compiled yet.
THREADS = """
from concurrent.futures import ThreadPoolExecutor
import numpy as np
from memrob.numerics.packed import pack_planar

def features(_):
    out = np.empty((1, 4, 64), np.uint64)
    points = np.ones((2, 64), np.float32)
    pack_planar(points, np.ones((3, 2), np.float32), np.zeros(3, np.float32), out)
    return int(np.bitwise_count(out).sum())

with ThreadPoolExecutor(8) as pool:
    print(set(pool.map(features, range(32))))
"""


def run(*arguments: str, cache: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "MEMROB_CACHE": str(cache)},
        capture_output=True,
        text=True,
    )


def test_reading_the_configuration_compiles_nothing(tmp_path):
    done = run("-c", "import memrob.studies.registry", cache=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.rglob("*.nb*"))


def test_threads_that_call_a_kernel_first_share_one_compilation(tmp_path):
    done = run("-c", THREADS, cache=tmp_path)
    assert (done.stdout, done.returncode) == ("{192}\n", 0), done.stderr
    assert len(list(tmp_path.rglob("*.nbc"))) == 1


def test_cache_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "points.csv").write_text(TABLE)
    options = ["--label", "label", "--first-width", "10", "--max-bias", "1"]
    points = str(tmp_path / "points.csv")
    done = run("-m", "memrob", "interpolate", points, *options, cache=tmp_path / "file")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "MEMROB_CACHE" in done.stderr
