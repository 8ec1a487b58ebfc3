"""The same seed gives the same network, whatever else runs and with any number of threads."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from memrob.interpolation import fit


def digest_of_a_network(order="permutation", seed=4):
    """Digest of all arrays of a network on clustered points of R^20, four classes."""
    rng = np.random.default_rng(0)
    y = rng.integers(4, size=600)
    X = (rng.standard_normal((4, 20))[y] + rng.standard_normal((600, 20))).astype(np.float32)
    network = fit(X, y, first_width=150, max_bias=1.0, seed=seed, order=order)
    digest = hashlib.sha256(network.weights.tobytes() + network.biases.tobytes())
    for detector in network.detectors:
        for array in (detector.candidates, detector.mask_words, detector.thresholds):
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


@pytest.mark.parametrize("order", ["permutation", "reference"])
def test_same_seed_same_network(order):
    expected = digest_of_a_network(order)
    assert digest_of_a_network(order) == expected
    assert digest_of_a_network(order, seed=5) != expected
    for threads in (1, 2):
        with threadpool_limits(limits=threads):
            assert digest_of_a_network(order) == expected


def test_orders_share_the_first_layer_only():
    assert digest_of_a_network("permutation") != digest_of_a_network("reference")


def test_threads_that_fit_at_once():
    with ThreadPoolExecutor(4) as pool:
        digests = list(pool.map(lambda _: digest_of_a_network(), range(12)))
    assert set(digests) == {digest_of_a_network()}


def test_other_processes():
    command = "from test_reproducibility import digest_of_a_network as d; print(d())"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", command],
            cwd=Path(__file__).parent,
            env={**os.environ, "PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, threads in (("1", "1"), ("2", "2"))
    ]
    digests = [process.communicate()[0].strip() for process in processes]
    assert digests == 2 * [digest_of_a_network()]
