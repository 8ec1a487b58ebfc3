"""Nothing stale: what is lost or changed is made again, and only that."""

import os
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SWEEP = "interpolation_sweep"
CONFIGURATION = "config/experiments/interpolation/moons.yaml"
TABLE, RECORD = "results/interpolation/moons.csv", "results/interpolation/moons.json"
FIGURE = "figures/interpolation/moons/probability"
REPLAY = "results/interpolation/replay/moons.csv"
REPORT = {"fidelity", "fidelity_figure", "gallery"}
FROM_TABLE = {"table", "figure", *REPORT}


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
        ("data/prepared/moons.npz", {"dataset", SWEEP, "replay", "animation", *FROM_TABLE}),
        ("results/kernels.txt", {"kernels", SWEEP, "replay", *FROM_TABLE}),
        ("results/interpolation/chunks/moons/000-*.csv", {SWEEP, *FROM_TABLE}),
        (TABLE, FROM_TABLE),
        (RECORD, FROM_TABLE),
        (REPLAY, {"replay", *REPORT}),
        (f"{FIGURE}.pdf", {"figure", "gallery"}),
        (f"{FIGURE}.png", {"figure", "gallery"}),
        ("figures/interpolation", {"figure", "gallery"}),
        ("results/fidelity.csv", REPORT),
        ("results/replay_summary.csv", REPORT),
        ("figures/construction.gif", {"animation", "gallery"}),
        ("figures/fidelity.png", {"fidelity_figure", "gallery"}),
        ("results/claims.csv", {"gallery"}),
        ("figures/index.html", {"gallery"}),
    ],
)
def test_what_is_lost_is_made_again(lost, rules, ended, planned):
    for path in ended.folder.glob(lost):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    jobs = planned()
    assert rules_of(jobs) == rules
    if "chunks" in lost:
        assert jobs[SWEEP] == 1


def test_a_part_and_an_experiment_are_made_again_too(ended, planned):
    (ended.folder / f"{FIGURE}.png").unlink()
    chunks_of(ended)[1].unlink()
    for target in ("interpolation", "moons"):
        assert rules_of(planned("--", target)) == {target, SWEEP, "table", "figure"}


def test_touched_files_rerun_nothing(ended, planned):
    for path in ended.folder.glob("*/**/*"):
        if path.suffix in (".py", ".smk", ".yaml") and ".snakemake" not in path.parts:
            os.utime(path)
    assert planned() == {}
    # Nor does a profile of the user's, or none, bring them back.
    assert planned("--workflow-profile", "none") == {}
    assert planned("--workflow-profile", "profiles/slurm", "--executor", "local") == {}


@pytest.mark.parametrize(
    ("script", "rules"),
    [
        ("trials", {SWEEP, *FROM_TABLE}),
        ("dataset", {"dataset", SWEEP, "replay", "animation", *FROM_TABLE}),
        ("replay", {"replay", *REPORT}),
        ("gallery", {"gallery"}),
        # Trials hold the code of kernels; how fast they are is none of theirs.
        ("kernels", set()),
    ],
)
def test_a_script_that_says_something_else_is_run_again(script, rules, ended, planned):
    path = ended.folder / "scripts" / f"{script}.py"
    old = path.read_text()
    path.write_text(old.replace('"""\n', '"""\n\nCHANGED = True\n', 1))
    assert rules_of(planned()) == rules
    assert rules_of(planned("--workflow-profile", "none")) == rules
    path.write_text(old.replace('"""\n', '"""\n\n# In other words.\n', 1))
    assert planned() == {}


def test_scripts_that_change_together_hide_no_job(ended, planned):
    for path in ended.folder.glob("scripts/*.py"):
        path.write_text(path.read_text().replace('"""\n', '"""\n\nCHANGED = True\n', 1))
    made = {"dataset", SWEEP, "replay", "animation", *FROM_TABLE}
    assert rules_of(planned()) == made
    assert rules_of(planned("--", TABLE)) == {"dataset", SWEEP, "table"}


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("title: Two moons", "title: Three moons", {"table", "figure", "gallery"}),
        ("restarts: 50\ntitle", "restarts: 40\ntitle", {SWEEP, *FROM_TABLE}),
        ("caption: Prob", "caption: The prob", {"figure", "gallery"}),
        ("smoke: 5", "smoke: 6", {"replay", *REPORT}),
    ],
)
def test_a_changed_configuration_counts_and_one_changed_back_does_not(
    old, new, rules, ended, planned
):
    path = ended.folder / CONFIGURATION
    text = path.read_text()
    path.write_text(text.replace(old, new))
    assert path.read_text() != text
    assert rules <= rules_of(planned())
    path.write_text(text)
    assert planned() == {}


def test_a_published_value_that_is_mended_counts(ended, planned):
    path = ended.folder / "data/reference/moons.csv"
    text = path.read_text()
    path.write_text(text[:-2] + "7\n")
    assert path.read_text() != text
    assert rules_of(planned()) == {"figure", *REPORT}
    path.write_text(text)
    assert planned() == {}


FAULTS = {
    "exception": "raise ValueError('broken')",
    "killed": "os.kill(os.getpid(), 9)",
    "disk full": "raise OSError(28, 'No space left on device', 'results/interpolation')",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_failed_job_left_out_is_made_by_the_next_run(fault, ended, planned):
    """The code changes, and its first run fails for a reason that goes away."""
    n_chunks = len(chunks_of(ended))
    assert n_chunks > 1
    script = ended.folder / "scripts/trials.py"
    old = script.read_text()
    broken = f"    if os.environ.get('BROKEN'):\n        {FAULTS[fault]}\n"
    script.write_text("import os\n" + old.replace("def work():\n", f"def work():\n{broken}"))
    done = ended.snakemake(*ended.RUN, BROKEN="1")
    assert done.returncode != 0
    assert "the same command" in own_lines(done)[-1]
    assert chunks_of(ended) == []
    # What is old does not stand where something new was asked for.
    for path in (TABLE, RECORD, f"{FIGURE}.pdf", f"{FIGURE}.png", "figures/index.html"):
        assert not (ended.folder / path).exists(), path
    jobs = planned()
    assert rules_of(jobs) == {SWEEP, *FROM_TABLE}
    assert jobs[SWEEP] == n_chunks
    assert planned("--", TABLE)[SWEEP] == n_chunks
    script.write_text(old)
    assert planned()[SWEEP] == n_chunks


def test_after_a_fault_the_same_command_makes_everything(ended, planned):
    script = ended.folder / "scripts/dataset.py"
    script.write_text(f"import os\n\nassert not os.environ.get('BROKEN')\n{script.read_text()}")
    assert ended.snakemake(*ended.RUN, BROKEN="1").returncode == 1
    assert not (ended.folder / TABLE).exists()
    done = ended.snakemake(*ended.RUN)
    assert done.returncode == 0, done.stderr
    for path in (TABLE, RECORD, f"{FIGURE}.pdf", "figures/index.html"):
        assert (ended.folder / path).exists(), path
    assert planned() == {}


@pytest.mark.parametrize(("rule", "file"), [("kernels", "sweeps"), ("download", "data")])
def test_jobs_that_others_take_as_ancient_run_only_where_their_output_is_lost(rule, file):
    """Snakemake would plan nothing behind such a job that runs for another reason."""
    text = (ROOT / "workflow" / "rules" / f"{file}.smk").read_text("utf-8")
    body = text.split(f"rule {rule}:\n")[1].split("\n\n\n")[0]
    assert "script:" in body
    assert "input:" not in body
    assert "params:" not in body
