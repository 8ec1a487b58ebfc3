"""Nothing stale: what is lost or changed is made again, and only that."""

import atexit
import io
import os
import re
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import yaml
from conftest import Repository
from snakemake import cli

from memrob.workflow import sources
from memrob.workflow.configuration import SCALE_VARIABLE

pytestmark = pytest.mark.slow

CONFIGURATION = "config/experiments/interpolation/moons.yaml"
RUN = ("--cores", "2", "--config", "scale=smoke", "experiments=[moons]", "chunk_seconds=1")
TABLE, RECORD = "results/interpolation/moons.csv", "results/interpolation/moons.json"
FIGURE = "figures/interpolation/moons/probability"
REPLAY = "results/interpolation/replay/moons.csv"
REPORT = {"fidelity", "fidelity_figure", "gallery"}
FROM_TABLE = {"table", "figure", *REPORT}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A small run that has ended: two chunks, a table, two figures, a replay, the gallery."""
    repository = Repository(tmp_path_factory.mktemp("run") / "repository")
    path = repository.folder / CONFIGURATION
    content = yaml.safe_load(path.read_text())
    content["scales"]["smoke"] = {
        "first_width": {"start": 50, "stop": 510, "step": 50},
        "max_bias": {"start": 0, "stop": 1.5, "step": 0.1},
        "restarts": 50,
    }
    content["replay"]["smoke"] = 5
    content["figures"] = {name: content["figures"][name] for name in ("scatter", "probability")}
    path.write_text(yaml.safe_dump(content, allow_unicode=True))
    done = repository.snakemake(*RUN)
    assert done.returncode == 0, done.stderr
    assert len(chunks_of(repository)) == 2
    return repository


@pytest.fixture
def repository(run, tmp_path):
    """A copy of the run, times included."""
    folder = tmp_path / "repository"
    shutil.copytree(run.folder, folder)
    copy = object.__new__(Repository)
    copy.folder = folder
    return copy


@pytest.fixture
def planned(repository, monkeypatch):
    """Function that returns how many jobs of each rule a run would make."""
    monkeypatch.chdir(repository.folder)
    monkeypatch.setenv(SCALE_VARIABLE, "smoke")
    monkeypatch.setattr(atexit, "register", lambda function: function)

    def planned(*arguments, run=RUN):
        for cached in (sources.source_hash, sources._code, sources._imports):
            cached.cache_clear()
        told = io.StringIO()
        with redirect_stdout(told), redirect_stderr(told), pytest.raises(SystemExit) as ended:
            cli.main([*run, "--dry-run", *arguments])
        assert ended.value.code == 0, told.getvalue()
        if "Nothing to be done" in told.getvalue():
            return {}
        table = told.getvalue().split("Job stats:")[1].split("total")[0]
        return {rule: int(n) for rule, n in re.findall(r"^(\w+) +(\d+)$", table, re.MULTILINE)}

    return planned


def chunks_of(repository):
    return sorted((repository.folder / "results/interpolation/chunks/moons").glob("*.csv"))


def own_lines(done):
    return [line for line in done.stderr.splitlines() if line.startswith("memrob: ")]


def rules_of(jobs):
    return set(jobs) - {"all"}


def test_nothing_to_do_after_a_run(planned):
    assert planned() == {}
    for target in ("interpolation", "moons", TABLE):
        assert planned("--", target) == {}


@pytest.mark.parametrize(
    ("lost", "rules"),
    [
        ("data/prepared/moons.npz", {"dataset", "chunk", "replay", *FROM_TABLE}),
        ("results/kernels.txt", {"kernels", "chunk", "replay", *FROM_TABLE}),
        ("results/interpolation/chunks/moons/000-*.csv", {"chunk", *FROM_TABLE}),
        (TABLE, FROM_TABLE),
        (RECORD, FROM_TABLE),
        (REPLAY, {"replay", *REPORT}),
        (f"{FIGURE}.pdf", {"figure", "gallery"}),
        (f"{FIGURE}.png", {"figure", "gallery"}),
        ("figures/interpolation", {"figure", "gallery"}),
        ("results/fidelity.csv", REPORT),
        ("results/replay_summary.csv", REPORT),
        ("figures/fidelity.png", {"fidelity_figure", "gallery"}),
        ("results/claims.csv", {"gallery"}),
        ("figures/index.html", {"gallery"}),
    ],
)
def test_what_is_lost_is_made_again(lost, rules, repository, planned):
    for path in repository.folder.glob(lost):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    jobs = planned()
    assert rules_of(jobs) == rules
    if "chunks" in lost:
        assert jobs["chunk"] == 1


def test_a_part_and_an_experiment_are_made_again_too(repository, planned):
    (repository.folder / f"{FIGURE}.png").unlink()
    chunks_of(repository)[1].unlink()
    for target in ("interpolation", "moons"):
        assert rules_of(planned("--", target)) == {target, "chunk", "table", "figure"}


def test_touched_files_rerun_nothing(repository, planned):
    for path in repository.folder.glob("*/**/*"):
        if path.suffix in (".py", ".smk", ".yaml") and ".snakemake" not in path.parts:
            os.utime(path)
    assert planned() == {}
    # Nor does a profile of the user's, or none, bring them back.
    assert planned("--workflow-profile", "none") == {}
    assert planned("--workflow-profile", "profiles/slurm", "--executor", "local") == {}


@pytest.mark.parametrize(
    ("script", "rules"),
    [
        ("chunk", {"chunk", *FROM_TABLE}),
        ("dataset", {"dataset", "chunk", "replay", *FROM_TABLE}),
        ("replay", {"replay", *REPORT}),
        ("gallery", {"gallery"}),
    ],
)
def test_a_script_that_says_something_else_is_run_again(script, rules, repository, planned):
    path = repository.folder / "scripts" / f"{script}.py"
    old = path.read_text()
    path.write_text(old.replace('"""\n', '"""\n\nCHANGED = True\n', 1))
    assert rules_of(planned()) == rules
    assert rules_of(planned("--workflow-profile", "none")) == rules
    path.write_text(old.replace('"""\n', '"""\n\n# In other words.\n', 1))
    assert planned() == {}


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("title: Two moons", "title: Three moons", {"table", "figure", "gallery"}),
        ("restarts: 50\n    st", "restarts: 40\n    st", {"chunk", *FROM_TABLE}),
        ("caption: 'Pro", "caption: 'The pro", {"figure", "gallery"}),
        ("smoke: 5", "smoke: 6", {"replay", *REPORT}),
    ],
)
def test_a_changed_configuration_counts_and_one_changed_back_does_not(
    old, new, rules, repository, planned
):
    path = repository.folder / CONFIGURATION
    text = path.read_text()
    path.write_text(text.replace(old, new))
    assert path.read_text() != text
    assert rules <= rules_of(planned())
    path.write_text(text)
    assert planned() == {}


def test_a_published_value_that_is_mended_counts(repository, planned):
    path = repository.folder / "data/reference/moons.csv"
    text = path.read_text()
    path.write_text(text[:-2] + "7\n")
    assert path.read_text() != text
    assert rules_of(planned()) == {"figure", *REPORT}
    path.write_text(text)
    assert planned() == {}


FAULTS = {
    "exception": "raise ValueError('broken')",
    "killed": "import os; os.kill(os.getpid(), 9)",
    "disk full": "raise OSError(28, 'No space left on device', 'results/interpolation')",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_failed_job_left_out_is_made_by_the_next_run(fault, repository, planned):
    """The code changes, and its first run fails for a reason that goes away."""
    script = repository.folder / "scripts/chunk.py"
    old = script.read_text()
    broken = f"import os\n\nif os.environ.get('BROKEN'):\n    {FAULTS[fault]}\n"
    script.write_text(old.replace("if ", broken + "\nif ", 1))
    done = repository.snakemake(*RUN, BROKEN="1")
    assert done.returncode != 0
    assert "the same command goes on from there" in own_lines(done)[-1]
    assert chunks_of(repository) == []
    # What is old does not stand where something new was asked for.
    for path in (TABLE, RECORD, f"{FIGURE}.pdf", f"{FIGURE}.png", "figures/index.html"):
        assert not (repository.folder / path).exists(), path
    jobs = planned()
    assert rules_of(jobs) == {"chunk", *FROM_TABLE}
    assert jobs["chunk"] == 2
    assert planned("--", TABLE)["chunk"] == 2
    script.write_text(old)
    assert planned()["chunk"] == 2


def test_after_a_fault_the_same_command_makes_everything(repository):
    before = {path: (repository.folder / path).read_text() for path in (TABLE, RECORD)}
    script = repository.folder / "scripts/dataset.py"
    script.write_text(f"{script.read_text()}\nimport os\n\nassert not os.environ.get('BROKEN')\n")
    assert repository.snakemake(*RUN, BROKEN="1").returncode == 1
    assert not (repository.folder / TABLE).exists()
    done = repository.snakemake(*RUN)
    assert done.returncode == 0, done.stderr
    results = [Path(path) for path in (TABLE, RECORD, f"{FIGURE}.pdf", "figures/index.html")]
    assert all((repository.folder / path).exists() for path in results)
    assert (repository.folder / TABLE).read_text().count("\n") == before[TABLE].count("\n")
    assert "Nothing to be done" in repository.snakemake(*RUN, "--dry-run").stderr
