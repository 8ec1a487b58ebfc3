"""`memrob lipschitz`, called within a test."""

import json

from memrob.cli import main


def call(capsys, *arguments):
    """Exit status, and what was printed on both streams."""
    status = main(["lipschitz", *map(str, arguments)])
    return status, *capsys.readouterr()


def report_of(capsys, *arguments):
    """The JSON object of a call that succeeds."""
    status, out, err = call(capsys, *arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)
