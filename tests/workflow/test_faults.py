"""Kills, full disks, read-only folders and damaged files: what stays, and what is said."""

import itertools
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from memrob.data.dataset import Dataset
from memrob.data.npz import load_prepared, save_npz
from memrob.errors import UserError
from memrob.numerics.files import PART, remove_parts, whole_file
from memrob.studies.gather import gather
from memrob.studies.tables import seal, write_table
from memrob.workflow import closing, notes, runs
from memrob.workflow.closing import end_failed_run
from memrob.workflow.jobs import run_job
from memrob.workflow.notes import Note, read_notes
from memrob.workflow.progress import Pace, Progress, progress_line
from memrob.workflow.runs import begin_run

LOG = "logs/part/job.log"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(runs, "_held", [])
    return tmp_path


@pytest.fixture
def program():
    """Start a Python program that says "ready" when it has come so far; killed at the end."""
    started = []

    def start(text):
        command = [sys.executable, "-c", textwrap.dedent(text)]
        # A shell has what it starts in the background ignore SIGINT: not these.
        hear = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=hear)
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def killed(process):
    process.kill()
    process.wait()


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of 128 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root can mount a small disk, and not in every container")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def visible(folder):
    return sorted(path.name for path in folder.iterdir())


# Files


def test_killed_writer_leaves_the_old_file_and_a_part_that_is_removed(folder, program):
    Path("table.csv").write_text("old")
    process = program(
        """
        import time
        from memrob.numerics.files import whole_file
        with whole_file("table.csv") as temporary:
            temporary.write_text("ne")
            print("ready", flush=True)
            time.sleep(3600)
        """
    )
    killed(process)
    assert Path("table.csv").read_text() == "old"
    assert len(visible(folder)) == 2
    remove_parts(folder)
    assert visible(folder) == ["table.csv"]
    remove_parts(folder / "absent")


def test_full_disk_is_named_and_leaves_what_was_there(small_disk):
    path = small_disk / "table.csv"
    write_table(pd.DataFrame({"a": [1]}), path)
    before = path.read_bytes()
    with pytest.raises(OSError, match="No space left") as error:
        write_table(pd.DataFrame({"a": np.arange(100_000)}), path)
    assert error.value.filename == str(path)
    assert path.read_bytes() == before
    data = Dataset(np.zeros((10_000, 9), np.float32), np.arange(10_000))
    with pytest.raises(UserError, match=r"data\.npz: cannot be written \(No space left"):
        save_npz(small_disk / "data.npz", data)
    assert visible(small_disk) == ["table.csv"]


def test_job_on_a_full_disk_ends_with_one_line(small_disk, capsys):
    def work():
        write_table(pd.DataFrame({"a": np.arange(100_000)}), small_disk / "table.csv")

    with pytest.raises(SystemExit) as ended:
        run_job(SimpleNamespace(log=[LOG]), work)
    assert ended.value.code == 2
    with pytest.raises(SystemExit):
        end_failed_run({})
    table = small_disk / "table.csv"
    expected = f"{table}: No space left on device; free some and run the same command again"
    assert capsys.readouterr().err == f"memrob: error: {expected}\n"
    assert Path(LOG).read_text() == f"error: {expected}\n"


def test_job_whose_folder_is_closed_ends_with_one_line(folder, capsys):
    def work():
        raise PermissionError(13, "Permission denied", "data/prepared")

    with pytest.raises(SystemExit) as ended:
        run_job(SimpleNamespace(log=[LOG]), work)
    assert ended.value.code == 2
    expected = "data/prepared: Permission denied; give yourself access and run the same command"
    assert Path(LOG).read_text() == f"error: {expected} again\n"


@pytest.mark.parametrize("damage", ["row", "digit", "empty"])
def test_damaged_table_of_a_chunk_is_refused(damage, folder):
    chunks = [Path("000.csv"), Path("001.csv")]
    for chunk in chunks:
        write_table(pd.DataFrame({"trial": [1, 2], "seconds": [0.5, 0.25]}), chunk)
        seal(chunk)
    files = ([], Path("table.csv"), Path("table.json"), {})
    gather(chunks, *files)
    assert len(pd.read_csv("table.csv")) == 4
    text = chunks[1].read_text()
    damaged = {"row": text[: text.index("2,")], "digit": text.replace("0.25", "0.26"), "empty": ""}
    chunks[1].write_text(damaged[damage])
    Path("table.csv").unlink()
    with pytest.raises(UserError, match=r"^001.csv: is not what was written; delete it and run "):
        gather(chunks, *files)
    assert not Path("table.csv").exists()


def test_damaged_data_set_is_refused(folder):
    save_npz("set.npz", Dataset(np.eye(9, dtype=np.float32), np.arange(9)))
    whole = Path("set.npz").read_bytes()
    middle = whole.index(np.float32(1).tobytes())
    for content in (whole[:200], whole[:middle] + b"x" + whole[middle + 1 :]):
        Path("set.npz").write_bytes(content)
        with pytest.raises(UserError, match=r"^set\.npz: .*; delete it and run the same command"):
            load_prepared("set.npz")


# Runs

HOLD = """
    import time
    from pathlib import Path
    from memrob.workflow.runs import begin_run
    begin_run()
    Path(".snakemake/locks").mkdir()
    Path(".snakemake/locks/0.output.lock").write_text("table.csv")
    print("ready", flush=True)
    time.sleep(3600)
"""


def test_second_run_is_refused_until_the_first_is_killed(folder, program, capsys):
    first = program(HOLD)
    with pytest.raises(UserError) as error:
        begin_run()
    assert str(error.value).startswith(f"another run is at work in {folder} (process {first.pid} ")

    killed(first)
    left = Path("results") / f"{PART}table-abc.csv"
    left.parent.mkdir()
    left.touch()
    begin_run()
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.startswith(f"memrob: the last run here was killed (process {first.pid} on ")
    assert visible(Path(".snakemake/locks")) == []
    assert not left.exists()
    assert json.loads(runs.HOLDER.read_text())["pid"] == os.getpid()


def test_lock_of_another_machine_is_left_to_the_user(folder, program, monkeypatch, capsys):
    killed(program(HOLD))
    monkeypatch.setattr("socket.gethostname", lambda: "elsewhere")
    begin_run()
    assert Path(".snakemake/locks/0.output.lock").exists()
    assert "`snakemake --unlock`" in capsys.readouterr().err


# Jobs

JOB = f"""
    import time
    from pathlib import Path
    from types import SimpleNamespace
    from memrob.numerics.files import whole_file
    from memrob.workflow import jobs
    jobs._UNWINDING_SECONDS = 3600.0
    def work():
        with whole_file("results/table.csv"):
            Path("here").touch()
            time.sleep(3600)
    jobs.run_job(SimpleNamespace(log=["{LOG}"]), work)
"""


def job_at_work(start):
    process = start("print('ready', flush=True)\n" + textwrap.dedent(JOB))
    wait_until(Path("here").exists)
    return process


def wait_until(condition):
    limit = time.monotonic() + 3600  # for what hangs, not for what is slow
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_killed_job_is_told_of_with_its_log(folder, program, capsys):
    killed(job_at_work(program))
    assert [(note.log, note.state) for note in read_notes()] == [(LOG, notes.AT_WORK)]
    end_failed_run({})
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith(f"memrob: error: the job of {LOG}: killed from outside, as the ")
    assert lines[1].endswith("what was finished is kept, and the same command goes on from there")
    assert read_notes() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_job_cleans_up_and_is_no_failure(number, folder, program, capsys):
    process = job_at_work(program)
    process.send_signal(number)
    assert process.wait() == 130
    assert visible(folder / "results") == []
    assert Path(LOG).read_text() == "stopped by a signal\n"
    end_failed_run({})
    err = capsys.readouterr().err
    assert err.startswith("memrob: the run was stopped; what was finished is kept")
    assert err.count("\n") == 1


def test_job_ends_with_the_run_that_started_it(folder, program):
    job = repr(textwrap.dedent(JOB))
    run = program(
        f"""
        import subprocess, sys, time
        subprocess.Popen([sys.executable, "-c", {job}])
        print("ready", flush=True)
        time.sleep(3600)
        """
    )
    wait_until(Path("here").exists)
    killed(run)
    wait_until(lambda: [note.state for note in read_notes()] == [notes.STOPPED])
    assert visible(folder / "results") == []


def test_many_killed_jobs_are_one_line(folder, capsys):
    for number in range(5):
        notes.write_note(Note(f"logs/{number}.log", notes.AT_WORK))
    end_failed_run({})
    first = capsys.readouterr().err.splitlines()[0]
    assert "the jobs of logs/0.log, logs/1.log, logs/2.log and 2 more: killed" in first


# Progress and the closing summary


def progress(seconds_done, seconds, seconds_at_work=0.0):
    return Progress(2, 10, seconds_done, seconds_at_work, seconds)


def test_progress_has_the_time_left_and_what_is_at_work():
    line = progress_line(progress(30.0, 120.0), 60.0, ["a.log", "b.log", "c.log"])
    assert line == (
        "memrob: 2 of 10 jobs done, 25 % of the predicted time, about 60 s left; "
        "at work: a.log, b.log and 1 more"
    )
    line = progress_line(progress(0.0, 120.0), 0.0, [])
    assert line == "memrob: 2 of 10 jobs done, 0 % of the predicted time"


def test_time_left_is_what_is_predicted_until_it_is_measured():
    pace = Pace(jobs_at_once=2, start=100.0)
    assert pace.seconds_left(progress(0.0, 1200.0), now=100.0) == 600.0
    # It runs down between the ends of jobs.
    assert pace.seconds_left(progress(0.0, 1200.0, 600.0), now=130.0) == 570.0
    # A machine half as fast as was predicted for two cores: it takes 1 s for each second predicted.
    for seconds in (120.0, 240.0, 600.0):
        left = pace.seconds_left(progress(seconds, 1200.0, 120.0), now=100.0 + seconds)
    assert left == pytest.approx(600.0, rel=0.05)
    assert pace.seconds_left(progress(600.0, 1200.0, 120.0), now=710.0) == pytest.approx(left - 10)


def test_jobs_that_are_overdue_count():
    pace = Pace(jobs_at_once=1, start=0.0)
    # What was predicted to take 60 s is at work for 240 s: what follows will be slow too.
    left = pace.seconds_left(progress(0.0, 660.0, 60.0), now=240.0)
    assert left == pytest.approx((240 + 60) / (60 + 60) * 600.0)


def test_time_left_of_a_steady_run_never_grows():
    pace, left = Pace(jobs_at_once=4, start=0.0), []
    for now in range(0, 1200, 30):
        done = 4.0 * (now // 60 * 60)
        left.append(pace.seconds_left(progress(done, 4800.0, 240.0), now))
    assert all(b <= a for a, b in itertools.pairwise(left))
    assert left[-1] < 61.0


def test_summary_tells_what_this_run_made_from_what_was_there(folder, monkeypatch, capsys):
    names = ("figures/a.pdf", "figures/b.pdf", "results/part/t.csv")
    for name in names:
        with whole_file(name):
            pass
    os.utime("figures/a.pdf", (1, 1))
    monkeypatch.setattr(closing, "STARTED", time.time() - 60)
    closing.end_run(folder, "smoke", {}, False, names)
    told = capsys.readouterr().err
    assert "after 1 min 0 s; 2 figures and 1 tables, of which this run made 1 and 1" in told
