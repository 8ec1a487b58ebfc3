"""Standard output that is closed, full or without Unicode, at the real boundary: processes."""

import json
import os
import resource
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

MEMROB = [sys.executable, "-m", "memrob"]
INTERPOLATE = ("interpolate", "t.csv", "--first-width", "50", "--max-bias", "9")
LIPSCHITZ = ("lipschitz", "--p", "2", "--input-dim", "2", "--width", "3", "--depth", "1")
QUICK = [
    ("--help",),
    ("--version",),
    ("dataset", "--list"),
    ("dataset", "lines", "--out", "lines.npz"),
    ("interpolate", "--help"),
]
PRINTING = [(command, "") for command in (*QUICK, (*INTERPOLATE, "--json"), LIPSCHITZ)]
PRINTING += [(QUICK[0], "1"), (QUICK[2], "1")]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    (tmp_path / "t.csv").write_text("a,b,y\n1,2,Gänse\n3,1,Enten\n2,3,Gänse\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command, *, redirected="", environment=None, **options):
    """Run `memrob` in a shell that redirects its streams."""
    line = f'exec "$@" {redirected}'
    return subprocess.run(
        ["bash", "-c", line, "bash", *MEMROB, *command],
        capture_output=True,
        env=os.environ | (environment or {}),
        timeout=300,
        **options,
    )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")  # noqa: PTH110
@pytest.mark.parametrize(("command", "unbuffered"), PRINTING, ids=str)
def test_full_disk_is_one_line(command, unbuffered):
    done = run(command, redirected="> /dev/full", environment={"PYTHONUNBUFFERED": unbuffered})
    assert done.returncode == 2
    assert done.stderr == (
        b"memrob: error: standard output cannot be written (No space left on device)\n"
    )


@pytest.mark.parametrize(("command", "unbuffered"), PRINTING, ids=str)
def test_closed_pipe_is_quiet(command, unbuffered):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        done = subprocess.run(
            [*MEMROB, *command],
            stdout=pipe,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
            timeout=300,
        )
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")


@pytest.mark.parametrize("command", QUICK, ids=" ".join)
def test_closed_output_is_one_line(command, folder):
    done = run(command, redirected=">&-")
    assert done.returncode == 2
    assert done.stderr.startswith(b"memrob: error: standard output is closed")
    assert done.stderr.count(b"\n") == 1
    assert [path.name for path in folder.iterdir()] == ["t.csv"]


def test_message_does_not_go_to_the_output_if_standard_error_is_closed():
    done = run(("interpolate", "none.csv", *INTERPOLATE[2:]), redirected="2>&-")
    assert (done.returncode, done.stdout) == (2, b"")
    done = run((*INTERPOLATE, "--json"), redirected="2>&-")
    assert done.returncode == 0
    assert json.loads(done.stdout)["n_samples"] == 3
    assert run(("moo",), redirected="2> /dev/full").returncode == 2


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=str,
)
def test_terminal_without_unicode(environment):
    # The name of a column comes in the bytes of the terminal and is found all the same.
    source = "a,Vögel\n1,α\n3,β\n"
    with open("u.csv", "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(source)
    command = ("interpolate", "u.csv", *INTERPOLATE[2:])
    done = run((*command, "--label", "Vögel"), environment=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"gel" in done.stdout
    done = run(("interpolate", "ü.csv", *INTERPOLATE[2:]), environment=environment)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1


def heed_interrupts():
    # A shell has its background jobs ignore them.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_interrupt_is_one_line():
    command = [*MEMROB, "interpolate", "-", *INTERPOLATE[2:]]
    pipes = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
    process = subprocess.Popen(command, **pipes, preexec_fn=heed_interrupts)
    # More than a pipe holds: when it is written, the command is at work.
    process.stdin.write(b"a,y\n" + b"1,0\n" * 100_000)
    process.stdin.flush()
    # Python may miss one between two reads; and people press Ctrl-C more than once.
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=1)
    out, err = process.stdout.read(), process.stderr.read()
    assert (process.returncode, out, err) == (130, b"", b"memrob: interrupted\n")


def limited():
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


@pytest.mark.parametrize(
    ("command", "file"),
    [
        (("dataset", "moons", "--out"), "kept.npz"),
        ((*INTERPOLATE, "--plot"), "kept.png"),
    ],
    ids=["dataset", "plot"],
)
def test_existing_file_outlives_a_failed_write(command, file, folder):
    (folder / file).write_bytes(b"before")
    done = run((*command, file), preexec_fn=limited)
    assert (done.returncode, done.stdout) == (2, b"")
    # matplotlib may have a word of its own on its cache.
    message = done.stderr.splitlines()[-1]
    assert message.startswith(b"memrob: error: ")
    assert message.endswith(b"kept" + file[-4:].encode() + b": cannot be written (File too large)")
    assert (folder / file).read_bytes() == b"before"
    assert sorted(path.name for path in folder.iterdir()) == sorted(["t.csv", file])


@pytest.mark.parametrize("option", ["--out", "--plot"])
def test_devices_and_pipes_are_not_replaced(option, folder):
    os.mkfifo("pipe.png")
    command = ("dataset", "lines") if option == "--out" else INTERPOLATE
    done = run((*command, option, "pipe.png"))
    assert (done.returncode, done.stdout) == (2, b"")
    expected = f"memrob: error: {option} pipe.png: expected a file name, found a device or a pipe\n"
    assert done.stderr.decode() == expected
