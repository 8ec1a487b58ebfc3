"""Whole runs of the workflow in copies of the repository: what a user sees, kills and mistypes."""

import os
import re
import signal
import subprocess
import time
from types import SimpleNamespace

import pandas as pd
import pytest
import yaml
from snakemake.settings.types import MaxJobsPerTimespan

from memrob.numerics.files import cache_folder
from memrob.workflow import engine

pytestmark = pytest.mark.slow

EXPERIMENTS = "config/experiments/interpolation"
TABLE = "results/interpolation/moons.csv"
MOONS = [TABLE, "--config", "scale=smoke", "experiments=[moons]"]


@pytest.fixture
def moons(repository):
    """A repository whose smoke scale has enough trials of moons for several chunks of a second."""
    path = repository.folder / EXPERIMENTS / "moons.yaml"
    content = yaml.safe_load(path.read_text())
    content["scales"]["smoke"] = {
        "first_width": {"start": 50, "stop": 510, "step": 50},
        "max_bias": {"start": 0, "stop": 2.1, "step": 0.1},
        "restarts": 50,
    }
    path.write_text(yaml.safe_dump(content, allow_unicode=True))
    return repository


def table_of(repository):
    return pd.read_csv(repository.folder / TABLE).drop(columns="fit_seconds")


def chunks_of(repository):
    return sorted((repository.folder / "results/interpolation/chunks/moons").glob("0*.csv"))


def own_lines(done):
    """Lines of this project on standard error; the others are Snakemake's."""
    return [line for line in done.stderr.splitlines() if line.startswith("memrob: ")]


def test_tables_do_not_depend_on_cores_chunks_or_a_crash(moons):
    moons.hold_chunks(1)
    (moons.folder / "hold").unlink()
    done = moons.snakemake("--cores", "1", *MOONS, "chunk_seconds=3600")
    assert done.returncode == 0, done.stderr
    assert len(chunks_of(moons)) == 1
    expected = table_of(moons)
    assert len(expected) == 10 * 21 * 50
    (moons.folder / TABLE).unlink()
    chunks_of(moons)[0].unlink()

    # On two cores in more chunks, killed without a chance to clean up after the first of them.
    run = ("--cores", "2", *MOONS, "chunk_seconds=1")
    (moons.folder / "hold").touch()
    with moons.start(*run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while not chunks_of(moons):
                assert process.poll() is None
                time.sleep(0.02)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
    (moons.folder / "hold").unlink()
    assert not (moons.folder / TABLE).exists()

    done = moons.snakemake(*run)
    assert done.returncode == 0, done.stderr
    assert own_lines(done)[0].startswith("memrob: the last run here was killed (process ")
    assert len(chunks_of(moons)) > 2
    pd.testing.assert_frame_equal(table_of(moons), expected, check_exact=True)
    # And nothing is left to do.
    done = moons.snakemake("--dry-run", *run)
    assert "Nothing to be done" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("path", "old", "new", "overrides", "message"),
    [
        ("config/config.yaml", "strict: false", "strikt: false", [], "unknown key 'strikt'"),
        ("config/config.yaml", None, None, ["scale=huge"], "scale: is 'huge'; it must be one of"),
        (f"{EXPERIMENTS}/moons.yaml", "title: ", "title: [", [], "moons.yaml: line "),
        (f"{EXPERIMENTS}/moons.yaml", "order: reference", "order: any", [], "order: is 'any'"),
    ],
    ids=["key", "value", "syntax", "experiment"],
)
def test_mistake_in_a_file_is_one_line_and_status_2(path, old, new, overrides, message, repository):
    file = repository.folder / path
    if old is not None:
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
    before = repository.files()
    done = repository.snakemake("--cores", "1", "--config", "experiments=[moons]", *overrides)
    assert done.returncode == 2
    assert len(own_lines(done)) == 1
    assert own_lines(done)[0].startswith("memrob: error: ")
    assert message in own_lines(done)[0]
    assert "Traceback" not in done.stdout + done.stderr
    assert repository.files() == before


def test_missing_set_costs_nothing_else_unless_strict(repository, tmp_path):
    """CIFAR-10 cannot be had: the rest is made, one line tells; `strict` makes that a failure."""
    run = ["--cores", "2", "--config", "experiments=[lines, cifar10]", "scale=default"]
    # A cache without downloads, in which the kernels need not be compiled anew.
    cache = tmp_path / "cache"
    cache.mkdir()
    kernels = cache_folder() / "kernels"
    if kernels.is_dir():
        (cache / "kernels").symlink_to(kernels)
    environment = repository.UNREACHABLE | {"MEMROB_CACHE": str(cache)}

    done = repository.snakemake(*run, **environment)
    assert done.returncode == 0, done.stderr
    told = [line for line in own_lines(done) if line.startswith("memrob: missing: ")]
    assert len(told) == 1
    assert told[0].startswith("memrob: missing: cifar10: no source delivers CIFAR-10 (")
    # Known before the first job starts, and the plan is whole from then on.
    assert done.stderr.index("memrob: cifar10: ") < done.stderr.index("Select jobs to execute")
    assert "MEMROB_DATA" in told[0]
    for name in ("interpolation/lines/boundary.pdf", "interpolation/lines/boundary.png"):
        assert (repository.folder / "figures" / name).stat().st_size > 0
    page = (repository.folder / "figures" / "index.html").read_text()
    assert "no source delivers CIFAR-10" in page

    # Everything is made, but the set is looked for again, and told of again.
    done = repository.snakemake(*run, "strict=True", **environment)
    assert done.returncode == 1, done.stderr
    assert sum(line.startswith("memrob: missing: cifar10: ") for line in own_lines(done)) == 1
    assert own_lines(done)[-1] == "memrob: error: strict: true, and a data set is missing"


@pytest.mark.slow
def test_the_scheduler_looks_when_a_job_ends_and_not_for_ever_after(repository):
    # With Snakemake's own limit of jobs a second, each job that has ended makes it look once a
    # second more: over a hundred times in these.
    done = repository.snakemake(*repository.RUN, "--verbose")
    assert done.returncode == 0, done.stderr
    (jobs,) = re.findall(r"predicted CPU time of these (\d+) jobs", done.stderr)
    assert done.stderr.count("Ready jobs: ") <= 2 * int(jobs) + 5


def test_a_limit_of_jobs_that_the_user_sets_stays():
    for limit, left in (("100/1s", None), ("5/1m", (5, 60))):
        settings = SimpleNamespace(max_jobs_per_timespan=MaxJobsPerTimespan.parse_choice(limit))
        engine.drop_rate_limit(SimpleNamespace(scheduling_settings=settings))
        found = settings.max_jobs_per_timespan
        assert (found and (found.max_jobs, found.timespan)) == left
