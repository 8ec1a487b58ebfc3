import pytest

from memrob import __version__
from memrob.cli import main
from memrob.data import load_npz


def test_version(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"memrob {__version__}\n"


@pytest.mark.parametrize("command", ["interpolate", "dataset"])
def test_help_names_every_command(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert command in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"usage: memrob {command}" in capsys.readouterr().out


def test_data_set_that_is_made_can_be_interpolated(tmp_path, capsys):
    out = tmp_path / "lines.npz"
    assert main(["dataset", "lines", "--out", str(out)]) == 0
    assert load_npz(out).X.shape == (20, 2)
    assert main(["interpolate", str(out), "--first-width", "2000", "--max-bias", "1"]) == 0
    assert "interpolates" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["moo", "--out", "moo.npz"], "data set 'moo': there are moons, moons_size, lines, mnist"),
        (["lines"], "--out FILE.npz is missing"),
        ([], "NAME is missing"),
        (["lines", "--out", "."], "found a folder"),
        (["mnist", "--out", "m.npz", "--mirror", "nowhere"], "mirror: expected a folder at nowh"),
    ],
    ids=["name", "no file", "no name", "folder", "mirror"],
)
def test_mistake_is_one_line_and_leaves_nothing(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["dataset", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("memrob: error: ")
    assert message in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
