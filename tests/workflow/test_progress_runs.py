"""The log of a run on two sets that must be had first: its progress counts the whole run."""

import itertools
import re

import pytest

pytestmark = pytest.mark.slow

EXPERIMENTS = "experiments=[lines, complexity_mnist_1v8, complexity_cifar10]"
RUN = ("--cores", "1", "--config", "scale=default", EXPERIMENTS, "chunk_seconds=3600")
LINE = re.compile(r"^memrob: (\d+) of (\d+) jobs done, (\d+) % of the predicted time", re.MULTILINE)


def test_progress_never_goes_back(ended):
    for name in ("mnist_1v8", "cifar10"):
        (ended.folder / "data" / "prepared" / f"{name}.npz").touch()
    done = ended.snakemake(*RUN, MEMROB_PROGRESS_SECONDS="0.1")
    assert done.returncode == 0, done.stderr
    lines = [tuple(map(int, found)) for found in LINE.findall(done.stderr)]
    assert len(lines) > 5
    planned = re.search(r"predicted CPU time of these (\d+) jobs", done.stderr)
    assert {n_jobs for _, n_jobs, _ in lines} == {int(planned[1])}
    for (n_before, _, share_before), (n_after, _, share_after) in itertools.pairwise(lines):
        assert n_before <= n_after
        assert share_before <= share_after
    assert done.stderr.count("Building DAG of jobs") == 1
    for table in ("complexity_mnist_1v8", "complexity_cifar10"):
        assert (ended.folder / "results" / "complexity" / f"{table}.csv").exists()
