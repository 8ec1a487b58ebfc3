import pytest

from memrob.workflow import closing


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("idle", [False, True])
def test_missing_set_is_told_in_one_line(idle, strict, root, capsys):
    missing = {"cifar10": "cifar10: nobody has it"}
    arguments = (missing, strict) if idle else (root, "default", missing, strict, ())
    end = closing.end_idle_run if idle else closing.end_run
    if strict:
        with pytest.raises(SystemExit) as ended:
            end(*arguments)
        assert ended.value.code == 1
    else:
        end(*arguments)
    lines = capsys.readouterr().err.splitlines()
    assert lines.count("memrob: missing: cifar10: nobody has it") == 1
    assert (lines[-1] == "memrob: error: strict: true, and a data set is missing") == strict


def test_summary_says_what_was_made(root, capsys):
    (root / "figures" / "interpolation").mkdir(parents=True)
    (root / "figures" / "interpolation" / "a.pdf").touch()
    (root / "figures" / "interpolation" / "old.pdf").touch()
    (root / "figures" / "index.html").touch()
    (root / "results").mkdir()
    (root / "results" / "replay_summary.csv").write_text(
        "experiment,rows,exact,share\nmoons,10,9,0.9\n"
    )
    (root / "results" / "fidelity.csv").write_text(
        "standard_error,z,verdict\n0,0,agrees\n1,-1,agrees\n1,3.5,borderline\n0,inf,differs\n"
    )
    (root / "results" / "claims.csv").write_text("figure,holds\na,True\nb,True\nc,False\nd,\n")
    closing.end_run(root, "smoke", {}, False, ["figures/interpolation/a.pdf"])
    text = capsys.readouterr().err
    assert "scale smoke, done after" in text
    assert "; 1 figures and 0 tables, of which this run made 1 and 0" in text
    assert "1 figures and 0 tables in figures/ and results/ are of an earlier run" in text
    assert "replay of moons: 9 of 10 published trials come out exactly" in text
    assert "4 published values compared: 1 agree exactly, 33.3 % of the others" in text
    assert "within |z| <= 3; agrees: 2" in text
    assert "differs: 1" in text
    assert "4 claims about figures: 2 hold, 1 do not, 1 are not decided by this run" in text
    assert "gallery: figures/index.html" in text
