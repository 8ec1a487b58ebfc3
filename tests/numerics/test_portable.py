"""The kernels, compiled for a processor without wide vectors or a popcount instruction."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import packed_twins
import pytest

SCRIPT = """
import numba
import numpy as np
import packed_twins as twins
from memrob.numerics import packed, sliced
from memrob.numerics.bits import unpack_words

assert numba.core.config.CPU_NAME == "generic"
rng = np.random.default_rng(0)
tiles = rng.integers(0, 1 << 63, (3, 12, 64), dtype=np.uint64)
masks = rng.integers(0, 1 << 63, (5, 12), dtype=np.uint64)
minima = np.full(5, packed.UNBOUNDED, np.uint64)
packed.masked_minima(tiles, 0, 3, masks, minima)
features = packed.unpack(tiles, 768)
expected = twins.masked_minima(features, unpack_words(masks, 768))
assert (minima == expected).all()
slices = np.empty((1, 769, 8), np.uint64)
sliced.slice_tiles(tiles, slices)
minima[:] = packed.UNBOUNDED
sliced.sliced_minima(slices, 0, 3, masks, minima)
assert (minima == expected).all()

points = rng.integers(-4, 5, (2, 64)).astype(np.float32)
weights = rng.integers(-4, 5, (70, 2)).astype(np.float32)
biases = rng.integers(-4, 5, 70).astype(np.float32)
out = np.empty((1, 4, 64), np.uint64)
packed.pack_planar(points, weights, biases, out)
assert (packed.unpack(out, 70) == twins.threshold_features(points.T, weights, biases)).all()
print("agrees")
"""


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="names an x86 processor")
def test_kernels_agree_with_their_twins_on_a_plain_processor(tmp_path):
    plain = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "MEMROB_CACHE": str(tmp_path)}
    plain["PYTHONPATH"] = str(Path(packed_twins.__file__).parent)
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], env={**os.environ, **plain}, capture_output=True, text=True
    )
    assert (run.stdout, run.returncode) == ("agrees\n", 0), run.stderr
