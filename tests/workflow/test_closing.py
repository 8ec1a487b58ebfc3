import json

import pytest

from memrob.workflow import closing


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "prepared").mkdir(parents=True)
    return tmp_path


def test_verdict_of_a_set(root, monkeypatch):
    monkeypatch.setattr(closing, "availability", lambda raw_set, mirror: (False, f"no {raw_set}"))
    path = root / "data" / "prepared" / "mnist.json"
    closing.write_verdict("mnist", path)
    assert json.loads(path.read_text()) == {"available": False, "reason": "no mnist"}
    assert closing.read_verdict(path)["available"] is False
    assert closing.read_verdict(root / "absent.json")["available"] is True


@pytest.mark.parametrize("strict", [False, True])
def test_missing_set_is_told_in_one_line_and_looked_for_again(strict, root, capsys):
    verdict = root / "data" / "prepared" / "cifar10.json"
    verdict.write_text('{"available": false, "reason": "cifar10: nobody has it"}')
    missing = {"cifar10": "cifar10: nobody has it"}
    if strict:
        with pytest.raises(SystemExit) as ended:
            closing.end_run(root, "default", missing, strict)
        assert ended.value.code == 1
    else:
        closing.end_run(root, "default", missing, strict)
    lines = capsys.readouterr().err.splitlines()
    assert lines.count("memrob: missing: cifar10: nobody has it") == 1
    assert not verdict.exists()


def test_summary_says_what_was_made(root, capsys):
    (root / "figures" / "interpolation").mkdir(parents=True)
    (root / "figures" / "interpolation" / "a.pdf").touch()
    (root / "figures" / "index.html").touch()
    (root / "results").mkdir()
    (root / "results" / "replay_summary.csv").write_text(
        "experiment,rows,exact,share\nmoons,10,9,0.9\n"
    )
    (root / "results" / "fidelity.csv").write_text(
        "standard_error,z,verdict\n0,0,agrees\n1,-1,agrees\n1,3.5,borderline\n0,inf,differs\n"
    )
    (root / "results" / "claims.csv").write_text("figure,holds\na,True\nb,True\nc,False\nd,\n")
    closing.end_run(root, "smoke", {}, False)
    text = capsys.readouterr().err
    assert "scale smoke, done after" in text
    assert "; 1 figures" in text
    assert "replay of moons: 9 of 10 published trials come out exactly" in text
    assert "4 published values compared: 1 agree exactly, 33.3 % of the others" in text
    assert "within |z| <= 3; agrees: 2" in text
    assert "differs: 1" in text
    assert "4 claims about figures: 2 hold, 1 do not, 1 are not decided by this run" in text
    assert "gallery: figures/index.html" in text
