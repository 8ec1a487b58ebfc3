"""Faults of a whole run: a second run beside it, a stop from the keyboard, a killed job, damage."""

import os
import signal
import subprocess
import time
from contextlib import contextmanager

import pytest
import yaml

pytestmark = pytest.mark.slow

MOONS = "config/experiments/interpolation/moons.yaml"
TABLE = "results/interpolation/moons.csv"
RUN = ["--cores", "1", TABLE, "--config", "scale=smoke", "experiments=[moons]", "chunk_seconds=1"]


@pytest.fixture
def moons(repository):
    """A repository whose smoke scale has some chunks of moons, of some seconds each."""
    path = repository.folder / MOONS
    content = yaml.safe_load(path.read_text())
    content["scales"]["smoke"] = {
        "first_width": {"start": 50, "stop": 510, "step": 50},
        "max_bias": {"start": 0, "stop": 2.1, "step": 0.1},
        "restarts": 50,
    }
    path.write_text(yaml.safe_dump(content, allow_unicode=True))
    return repository


@contextmanager
def started(repository):
    """A run in a process group of its own, killed at the end if it still is at work."""
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with repository.start(*RUN, **streams) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def chunks_of(repository):
    return sorted((repository.folder / "results/interpolation/chunks/moons").glob("0*.csv"))


def wait_for_chunks(repository, process, n_made):
    """Wait until so many chunks are made and the next is at work."""
    notes = repository.folder / ".snakemake/memrob/jobs"
    while len(chunks_of(repository)) < n_made or not list(notes.glob("*moons+0*")):
        assert process.poll() is None
        time.sleep(0.02)


def own_lines(text):
    return [line for line in text.splitlines() if line.startswith("memrob: ")]


def test_stopped_and_damaged_run_goes_on_from_what_was_finished(moons):
    moons.hold_chunks(2)
    with started(moons) as run:
        # Snakemake runs a chunk anew whose end it has not seen: of two, the older is safe.
        wait_for_chunks(moons, run, 2)
        # A second run is refused in one line; the first holds still meanwhile, a chunk at work.
        os.killpg(run.pid, signal.SIGSTOP)
        second = moons.snakemake(*RUN)
        assert second.returncode == 2
        assert len(own_lines(second.stderr)) == 1
        refused = "memrob: error: another run is at work in "
        assert own_lines(second.stderr)[0].startswith(refused), second.stderr
        # As Ctrl-C does.
        os.killpg(run.pid, signal.SIGINT)
        os.killpg(run.pid, signal.SIGCONT)
        _, told = run.communicate()
        assert run.returncode == 1
        assert "the run was stopped; what was finished is kept, and the" in own_lines(told)[-1]
        assert "Traceback" not in told
    (moons.folder / "hold").unlink()
    made, damaged = min((chunk.stat().st_mtime_ns, chunk) for chunk in chunks_of(moons))

    # The next run finds a chunk damaged, and says what to do.
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[: whole.rindex(b"\n", 0, -1) + 1])
    os.utime(damaged, ns=(made, made))
    done = moons.snakemake(*RUN)
    assert done.returncode == 2
    assert damaged.stat().st_mtime_ns == made  # not made anew
    name = damaged.relative_to(moons.folder)
    assert own_lines(done.stderr)[-1] == (
        f"memrob: error: {name}: is not what was written; delete it and run the same command again"
    )
    assert not (moons.folder / TABLE).exists()

    damaged.unlink()
    done = moons.snakemake(*RUN)
    assert done.returncode == 0, done.stderr
    assert (moons.folder / TABLE).exists()
    assert damaged.read_bytes().count(b"\n") == whole.count(b"\n")
