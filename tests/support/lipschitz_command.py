"""`memrob lipschitz`, called within a test."""

import json

from memrob.cli import main


def call(capsys, *arguments):
    """Exit status, and what was printed on both streams."""
    status = main(["lipschitz", *map(str, arguments)])
    return status, *capsys.readouterr()


def report_of(capsys, *arguments):
    """The JSON object of a call that succeeds: one line, and what JSON has numbers for."""
    status, out, err = call(capsys, *arguments, "--json")
    assert (status, err, out.count("\n")) == (0, "", 1)
    return json.loads(out, parse_constant=not_json)


def not_json(constant):
    """Refuse NaN and infinities, which Python reads and JSON has not."""
    raise AssertionError(f"JSON has no {constant}")
