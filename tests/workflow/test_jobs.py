import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from memrob.errors import UserError
from memrob.workflow import notes
from memrob.workflow.closing import end_failed_run
from memrob.workflow.jobs import run_job, run_shell


@pytest.fixture
def job(tmp_path, monkeypatch):
    """What Snakemake hands to a script."""
    monkeypatch.chdir(tmp_path)
    return SimpleNamespace(log=["logs/part/job.log"])


def log_text():
    return Path("logs/part/job.log").read_text()


def test_output_of_a_job_goes_to_its_log(job, capsys):
    def work(text: str):
        print(text)
        print("aside", file=sys.stderr)

    run_job(job, work, text="main")
    assert log_text() == "main\naside\n"
    assert capsys.readouterr() == ("", "")


def test_strings_become_paths_where_paths_are_meant(job):
    seen = {}

    def work(one: Path, many: list[Path], name: str, maybe: Path | None = None):
        seen.update(one=one, many=many, name=name, maybe=maybe)

    run_job(job, work, one="a/b", many=["c", "d"], name="e", maybe=None)
    assert seen == {"one": Path("a/b"), "many": [Path("c"), Path("d")], "name": "e", "maybe": None}
    run_job(job, work, one="a", many=[], name="e", maybe="f")
    assert seen["maybe"] == Path("f")
    assert seen["many"] == []


def test_log_of_a_failure_has_the_traceback(job, capsys):
    def work():
        print("so far so good")
        raise ValueError("what went wrong")

    with pytest.raises(SystemExit) as ended:
        run_job(job, work)
    assert ended.value.code == 1
    text = log_text()
    assert text.startswith("so far so good\nTraceback (most recent call last)")
    assert "test_jobs.py" in text
    assert text.rstrip().endswith("ValueError: what went wrong")
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "memrob: a job failed; its traceback is in logs/part/job.log\n"


@pytest.mark.parametrize("n_th", [1, 2])
def test_an_interrupt_at_any_time_leaves_no_traceback(job, monkeypatch, n_th):
    # The first note is written before the log is open, the second when an interrupt was heard.
    calls = []

    def write_note(note):
        calls.append(note)
        if len(calls) == n_th:
            raise KeyboardInterrupt

    def work():
        raise KeyboardInterrupt

    monkeypatch.setattr(notes, "write_note", write_note)
    with pytest.raises(SystemExit) as ended:
        run_job(job, work)
    assert ended.value.code == 130
    assert len(calls) == n_th


def test_mistake_of_the_user_is_one_line_and_status_2(job, capsys):
    def work(name: str):
        raise UserError(f"{name}: is wrong")

    for number, name in enumerate(["this", "that", "this"]):
        job.log = [f"logs/part/{number}.log"]
        with pytest.raises(SystemExit) as ended:
            run_job(job, work, name=name)
        assert ended.value.code == 2
        assert Path(job.log[0]).read_text() == f"error: {name}: is wrong\n"
        assert capsys.readouterr() == ("", "")
    # The run that started the jobs ends with each mistake once, and forgets them.
    with pytest.raises(SystemExit) as ended:
        end_failed_run({})
    assert ended.value.code == 2
    expected = "memrob: error: this: is wrong\nmemrob: error: that: is wrong\n"
    assert capsys.readouterr().err == expected
    end_failed_run({})
    assert "some jobs failed" in capsys.readouterr().err


def test_arguments_from_a_shell(monkeypatch, capsys):
    seen = {}

    def work(first_name: Path, many: list[Path], share: float, count: int = 4, text: str = "t"):
        """Do some work.

        At length.
        """
        seen.update(first_name=first_name, many=many, share=share, count=count, text=text)

    command = "x --first-name a --many b c --share 0.5 --text u"
    monkeypatch.setattr(sys, "argv", command.split())
    run_shell(work)
    assert seen == {
        "first_name": Path("a"),
        "many": [Path("b"), Path("c")],
        "share": 0.5,
        "count": 4,
        "text": "u",
    }
    monkeypatch.setattr(sys, "argv", ["x", "--help"])
    with pytest.raises(SystemExit) as ended:
        run_shell(work)
    assert ended.value.code == 0
    assert "Do some work." in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["x", "--share", "1"])
    with pytest.raises(SystemExit) as ended:
        run_shell(work)
    assert ended.value.code == 2


def test_mistake_of_the_user_from_a_shell(monkeypatch, capsys):
    def work():
        raise UserError("it is wrong")

    monkeypatch.setattr(sys, "argv", ["scripts/x.py"])
    with pytest.raises(SystemExit) as ended:
        run_shell(work)
    assert ended.value.code == 2
    assert capsys.readouterr().err == "x.py: error: it is wrong\n"
