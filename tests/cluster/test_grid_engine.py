"""The profile for Grid Engine with stand-ins for its commands, which hold jobs to their limits."""

import os
import subprocess
import time
from pathlib import Path

import pytest
from few_trials import CONFIG, ROOT, TABLE, needs

STATUS = ROOT / "profiles" / "sge" / "status"
LIMIT_SECONDS = 400
OPTIONS = [
    *("--workflow-profile", "profiles/sge", "--latency-wait", "10"),
    *("--seconds-between-status-checks", "1"),
]


@pytest.fixture
def engine(tmp_path):
    """Folder of the commands."""
    folder = tmp_path / "engine"
    (folder / "jobs").mkdir(parents=True)
    for name in ("qsub", "qstat", "qacct", "qdel"):
        (folder / name).symlink_to(Path(__file__).with_name("grid_engine"))
    return folder


@pytest.fixture
def status(engine, tmp_path):
    """Function that says what the profile takes a job for."""
    (tmp_path / ".snakemake").mkdir()
    path = f"{engine}{os.pathsep}{os.environ['PATH']}"

    def status(job):
        return subprocess.run(
            [STATUS, job],
            cwd=tmp_path,
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    return status


@pytest.mark.parametrize(("code", "meaning"), [(0, "success"), (1, "failed"), (137, "failed")])
def test_state_of_a_job_until_after_its_end(code, meaning, engine, status):
    job = engine / "jobs" / "7"
    job.mkdir()
    assert status("7") == "running\n"
    (job / "ended").write_text(f"{code}\n")
    # Accounting does not know it yet.
    assert status("7") == "running\n"
    assert status("7") == f"{meaning}\n"


def test_job_that_can_never_start_is_deleted(engine, status):
    job = engine / "jobs" / "7"
    job.mkdir()
    (job / "process").write_text("999999999\n")
    (job / "error").write_text("error reason    1:   can't stat() the folder\n")
    assert status("7") == "failed\n"
    assert (job / "ended").exists()


def test_job_that_nothing_knows_is_given_up_in_the_end(status, tmp_path):
    assert status("7") == "running\n"
    assert status("7") == "running\n"
    gone = tmp_path / ".snakemake" / "sge-7.gone"
    os.utime(gone, (time.time() - 1000, time.time() - 1000))
    assert status("7") == "failed\n"


def start(moons, engine, *options):
    environment = moons.repository.environment()
    environment["PATH"] = f"{engine}{os.pathsep}{environment['PATH']}"
    return subprocess.Popen(
        moons.repository.command(*OPTIONS, *options, *CONFIG, TABLE),
        cwd=moons.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def rules_of(engine):
    """Rule of each job that was submitted."""
    scripts = {path.parent.name: path.read_text() for path in engine.glob("jobs/*/script")}
    return {job: text.split('"rule": "')[1].split('"')[0] for job, text in scripts.items()}


def first_chunk(engine, run):
    limit = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < limit and run.poll() is None:
        for job, rule in rules_of(engine).items():
            if rule == "interpolation_sweep" and (engine / "jobs" / job / "process").exists():
                return job
        time.sleep(0.1)
    raise AssertionError(f"no chunk was run: {run.communicate()[1]}")


@needs("snakemake-executor-plugin-cluster-generic")
def test_run_goes_on_after_a_deleted_job(moons, engine):
    run = start(moons, engine, "--retries", "0")
    subprocess.run([engine / "qdel", first_chunk(engine, run)], check=True)
    _, told = run.communicate(timeout=LIMIT_SECONDS)
    assert run.returncode == 1, told
    assert "Error in rule interpolation_sweep" in told
    assert len(moons.chunks()) == len(moons.planned_chunks()) - 1 > 0
    before = rules_of(engine)

    run = start(moons, engine)
    _, told = run.communicate(timeout=LIMIT_SECONDS)
    assert run.returncode == 0, told
    again = [rule for job, rule in rules_of(engine).items() if job not in before]
    assert sorted(again) == ["interpolation_sweep", "table"]
    assert moons.has_expected_table()
