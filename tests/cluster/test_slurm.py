"""The profile for Slurm on a Slurm of one node: a job that is cancelled, and the next run."""

import os
import subprocess
import time

import pytest
from few_trials import CONFIG, FIGURE, needs
from slurm import Slurm, missing_programs

pytestmark = needs("snakemake-executor-plugin-slurm")
LIMIT_SECONDS = 400
# Without accounting only `squeue` knows jobs. The executor asks after 5 s, 20 s, 45 s.
OPTIONS = [
    *("--workflow-profile", "profiles/slurm", "--latency-wait", "10"),
    *("--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "5"),
]


SWEEP = "interpolation_sweep"


@pytest.fixture
def slurm(tmp_path):
    if missing := missing_programs():
        pytest.skip(f"not installed: {', '.join(missing)}")
    with Slurm(tmp_path / "slurm") as slurm:
        yield slurm


def start(moons, slurm, *options):
    environment = moons.repository.environment(**slurm.variables)
    environment["PATH"] = slurm.programs + os.pathsep + environment["PATH"]
    return subprocess.Popen(
        moons.repository.command(*OPTIONS, *options, *CONFIG, FIGURE),
        cwd=moons.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def jobs_of(slurm, states="all"):
    """Number of each of Slurm's jobs, and what it is for."""
    lines = slurm.run("squeue", "--noheader", f"--states={states}", "--format=%i %k").splitlines()
    return dict(line.split(maxsplit=1) for line in lines)


def first_running_chunk(slurm, run):
    limit = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < limit and run.poll() is None:
        for number, purpose in jobs_of(slurm, "running").items():
            if purpose.startswith(f"rule_{SWEEP}_"):
                return number, purpose.rpartition("_")[2]
        time.sleep(0.1)
    raise AssertionError(f"no chunk was run: {run.communicate()[1]}")


def test_run_goes_on_after_a_cancelled_job(moons, slurm):
    run = start(moons, slurm, "--retries", "0")
    number, cancelled = first_running_chunk(slurm, run)
    slurm.run("scancel", number)
    _, told = run.communicate(timeout=LIMIT_SECONDS)
    assert run.returncode == 1, told
    assert f"SLURM-job '{number}' failed, SLURM status is: 'CANCELLED'" in told
    # Everything that does not depend on it is made.
    assert moons.chunks() == moons.planned_chunks() - {cancelled}
    before = jobs_of(slurm)

    run = start(moons, slurm)
    _, told = run.communicate(timeout=LIMIT_SECONDS)
    assert run.returncode == 0, told
    again = [purpose for number, purpose in jobs_of(slurm).items() if number not in before]
    for rule in (SWEEP, "figure", "table"):
        assert sum(purpose.startswith(f"rule_{rule}_") for purpose in again) == 1
    assert len(again) == 3
    assert moons.has_expected_table()
    assert moons.has_figure()
