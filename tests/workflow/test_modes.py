"""What counts as a run: what makes files. All else changes nothing and may stand beside one."""

import subprocess
import sys
import textwrap

import pytest

pytestmark = pytest.mark.slow

HOLD = """
    import sys
    from memrob.workflow.runs import begin_run
    begin_run()
    print("ready", flush=True)
    sys.stdin.read()
"""
TABLE = "results/interpolation/moons.csv"


@pytest.fixture
def other_run(ended):
    """A run that is at work in the folder, and has a file half written."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD)],
        cwd=ended.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "ready\n"
        (ended.folder / "results" / ".part-table").touch()
        yield process
        process.stdin.close()


def state(repository):
    """Times of all files, but for Snakemake's own and its caches of Python."""
    own = repository.folder / ".snakemake" / "memrob"
    paths = [repository.folder / path for path in repository.files()] + list(own.rglob("*"))
    return {path: path.stat().st_mtime_ns for path in paths if "__pycache__" not in path.parts}


@pytest.mark.parametrize(
    "options",
    [
        ["-n"],
        ["-nq"],
        ["-pn"],
        ["-Fn"],
        ["--dry-r"],
        ["--dryrun"],
        ["-S"],
        ["--summ"],
        ["-D"],
        ["--detailed-summary"],
        ["-l"],
        ["--list-rules"],
        ["--list-target-rules"],
        ["--dag"],
        ["--rulegraph"],
        ["--filegraph"],
        ["--d3dag"],
        ["--list-input-changes"],
        ["--list-params-changes"],
        ["--list-changes", "code"],
        ["--list-untracked"],
        ["--print-compilation"],
        ["--delete-all-output", "-n"],
    ],
    ids=" ".join,
)
def test_what_makes_nothing_changes_nothing_and_may_stand_beside_a_run(
    options, ended, other_run, command
):
    before = state(ended)
    status, told = command(*ended.RUN, *options)
    assert status == 0, told
    assert "another run" not in told
    assert "memrob: error" not in told
    assert state(ended) == before


def test_what_a_profile_says_counts(ended, other_run, command):
    profile = ended.folder / "dry"
    profile.mkdir()
    (profile / "config.yaml").write_text("dry-run: true\ncores: 1\n")
    before = state(ended)
    status, told = command(*ended.RUN[2:], "--profile", str(profile), "--force")
    assert status == 0, told
    assert state(ended) == before


@pytest.mark.parametrize(
    "options",
    [[], ["-F"], ["--config", "scale=smoke", "experiments=[moons]"], ["-p", "-k"], ["--quiet"]],
    ids=" ".join,
)
def test_a_run_beside_a_run_is_refused(options, ended, other_run, command):
    before = state(ended)
    status, told = command(*ended.RUN, *options)
    assert status == 2
    refused = [line for line in told.splitlines() if line.startswith("memrob: error: ")]
    assert len(refused) == 1
    assert f"(process {other_run.pid} on " in refused[0]
    assert refused[0].startswith("memrob: error: another run is at work in ")
    assert state(ended) == before


def test_options_are_read_by_snakemake_in_a_process_of_its_own(ended, other_run):
    for options in (["-nq"], ["--dryr"], ["-S"], ["--unlock"]):
        done = ended.snakemake(*ended.RUN, *options)
        assert done.returncode == 0, done.stderr
        assert "another run" not in done.stdout + done.stderr
    done = ended.snakemake(*ended.RUN)
    assert done.returncode == 2
    assert "another run is at work" in done.stderr


def test_touch_and_report_make_nothing_of_ours(ended, command):
    """No summary of a run, no prediction, no removal of what is outdated."""
    (ended.folder / "figures" / "index.html").unlink()
    _, told = command(*ended.RUN, "--touch")
    assert "memrob: predicted" not in told
    assert "memrob: scale" not in told, told
    assert (ended.folder / "results" / "claims.csv").exists()


@pytest.mark.parametrize(
    ("target", "advice"),
    [
        ("moon", "did you mean moons?"),
        ("figures/interpolation/moons/width.pdf", "did you mean figures/interpolation/moons/"),
        ("figures/interpolation/moon/scatter.pdf", "did you mean figures/interpolation/moons/"),
        ("results/interpolation/lines.csv", "did you mean results/"),
        ("./results/nothing.csv", "did you mean"),
        ("data/prepared/nothing.npz", "did you mean data/prepared/moons.npz?"),
        ("xyzzy", "`snakemake --list-target-rules` lists targets"),
    ],
)
def test_an_unknown_target_is_one_line(target, advice, ended, command):
    before = state(ended)
    for options in ([], ["-n"]):
        status, told = command(*ended.RUN, *options, "--", target)
        lines = [line for line in told.splitlines() if line.startswith("memrob: error: ")]
        assert status == 2, told
        assert len(lines) == 1
        assert lines[0].startswith(f"memrob: error: {target}: is no target of this configuration")
        assert advice in lines[0]
        assert "Exception" not in told
        assert "Traceback" not in told
    assert state(ended) == before


@pytest.mark.parametrize(
    "target", ["figures/index.html", "./figures/fidelity.png", TABLE, "data/prepared/moons.npz"]
)
def test_known_files_are_targets(target, planned):
    assert planned("--", target) == {}
