"""Copies of the repository in which the workflow can run."""

import atexit
import io
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import ClassVar

import pytest
import yaml
from snakemake import cli

from memrob.workflow.configuration import SCALE_VARIABLE

ROOT = Path(__file__).parents[2]
PARTS = ("Snakefile", "workflow", "scripts", "config", "profiles", "data/reference")


MOONS = "config/experiments/interpolation/moons.yaml"

STUB = '''"""Stands for a script: a job with a log that writes its files, and nothing else."""

from pathlib import Path

from memrob.workflow.jobs import run_job

HEADERS = {
    "fidelity.csv": "standard_error,z,verdict",
    "replay_summary.csv": "experiment,rows,exact,share",
    "claims.csv": "holds",
}


def work():
    for path in map(Path, snakemake.output):
        path.write_text(HEADERS.get(path.name, path.name) + "\\n")


run_job(snakemake, work)
'''


START_OF_CHUNK = "    loaded = load_experiment(experiment)\n"

HOLD = """
    import time

    while Path("hold").exists() and len(list(table.parent.glob("*.csv"))) >= N_MADE:
        time.sleep(0.05)
"""

HANGS_SECONDS = 3600
"""Nothing here takes so long, on however busy a machine, unless it hangs."""


def hear_interrupts():
    """Have a new process hear SIGINT, which the background jobs of a shell are told to ignore."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Repository:
    """A copy of what the workflow consists of; the package is the installed one."""

    RUN = ("--cores", "2", "--config", "scale=smoke", "experiments=[moons]", "chunk_seconds=1")
    UNREACHABLE: ClassVar = dict.fromkeys(("https_proxy", "http_proxy"), "http://127.0.0.1:9")

    def __init__(self, folder):
        self.folder = folder
        for part in PARTS:
            source, target = ROOT / part, folder / part
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)

    def command(self, *arguments):
        return [sys.executable, "-m", "snakemake", *arguments]

    def environment(self, **changes):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("MEMROB_")}
        if "MEMROB_CACHE" in os.environ:  # compiled kernels lie there
            kept["MEMROB_CACHE"] = os.environ["MEMROB_CACHE"]
        bin_folder = str(Path(sys.executable).parent)
        return kept | {"PATH": bin_folder + os.pathsep + kept["PATH"]} | changes

    def snakemake(self, *arguments, **environment):
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HANGS_SECONDS,
        )

    def hold_chunks(self, n_made):
        """Have jobs of chunks wait while there is a file `hold` and that many are made."""
        script, hold = self.folder / "scripts" / "trials.py", HOLD.replace("N_MADE", str(n_made))
        text = script.read_text()
        assert START_OF_CHUNK in text
        script.write_text(text.replace(START_OF_CHUNK, hold + START_OF_CHUNK))
        (self.folder / "hold").touch()

    def start(self, *arguments, **streams):
        """Start Snakemake in a process group of its own."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            preexec_fn=hear_interrupts,
            **streams,
        )

    def scripts(self):
        return sorted((self.folder / "scripts").glob("*.py"))

    def files(self):
        """Every file but Snakemake's own."""
        paths = (path.relative_to(self.folder) for path in self.folder.glob("**/*"))
        return {path for path in paths if path.parts[0] != ".snakemake"}


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository")


@pytest.fixture(scope="session")
def ended_run(tmp_path_factory):
    """A run that has ended: two chunks, a table, two figures, a replay and what is made of them.

    The scripts are stubs: what Snakemake makes anew does not depend on what they do.
    """
    repository = Repository(tmp_path_factory.mktemp("run") / "repository")
    path = repository.folder / MOONS
    content = yaml.safe_load(path.read_text())
    content["scales"]["smoke"] = {
        "first_width": {"start": 50, "stop": 510, "step": 50},
        "max_bias": {"start": 0, "stop": 1.5, "step": 0.1},
        "restarts": 50,
    }
    content["replay"] = {"smoke": 5}
    content["figures"] = {name: content["figures"][name] for name in ("scatter", "probability")}
    path.write_text(yaml.safe_dump(content, allow_unicode=True))
    for script in repository.scripts():
        script.write_text(STUB)
    done = repository.snakemake(*Repository.RUN)
    assert done.returncode == 0, done.stderr
    return repository


@pytest.fixture
def ended(ended_run, tmp_path):
    """A copy of a run that has ended, times included."""
    copy = object.__new__(Repository)
    copy.folder = tmp_path / "repository"
    shutil.copytree(ended_run.folder, copy.folder)
    return copy


@pytest.fixture
def command(ended, monkeypatch):
    """Function that runs Snakemake in this process: its status, and what it prints."""
    monkeypatch.chdir(ended.folder)
    monkeypatch.setenv(SCALE_VARIABLE, "smoke")
    monkeypatch.delenv("MEMROB_DATA", raising=False)

    def command(*arguments):
        at_exit, told = [], io.StringIO()
        with monkeypatch.context() as patch, redirect_stdout(told), redirect_stderr(told):
            patch.setattr(atexit, "register", at_exit.append)
            patch.setattr(sys, "argv", ["snakemake", *arguments])
            with pytest.raises(SystemExit) as ended:
                cli.main(list(arguments))
            for function in at_exit:
                function()
        return ended.value.code, told.getvalue()

    return command


@pytest.fixture
def planned(command):
    """Function that returns how many jobs of each rule a run would make."""

    def planned(*arguments):
        status, told = command(*Repository.RUN, "--dry-run", *arguments)
        assert status == 0, told
        if "Nothing to be done" in told:
            return {}
        table = told.split("Job stats:")[1].split("total")[0]
        return {rule: int(n) for rule, n in re.findall(r"^(\w+) +(\d+)$", table, re.MULTILINE)}

    return planned
