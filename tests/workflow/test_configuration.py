from pathlib import Path

import pytest

from memrob.errors import UserError
from memrob.workflow.configuration import SCALE_VARIABLE, load_configuration

ROOT = Path(__file__).parents[2]

CONFIG = ROOT / "config" / "config.yaml"


@pytest.fixture(autouse=True)
def no_scale(monkeypatch):
    monkeypatch.delenv(SCALE_VARIABLE, raising=False)


def test_shipped_configuration_runs_everything_at_default_scale():
    content = load_configuration(CONFIG, {})
    assert content["scale"] == "default"
    assert content["experiments"] == "all"
    assert content["strict"] is False
    assert content["data"] == {"mirror": None}


def test_command_line_goes_before_the_file_and_is_merged(tmp_path):
    path = tmp_path / "config.yaml"
    text = CONFIG.read_text().replace("mirror: null", "mirror: /copies")
    path.write_text(text)
    content = load_configuration(path, {"experiments": ["moons"], "data": {}})
    assert content["experiments"] == ["moons"]
    assert content["data"] == {"mirror": "/copies"}
    assert load_configuration(path, {"data": {"mirror": "/b"}})["data"] == {"mirror": "/b"}


@pytest.mark.parametrize(
    ("overrides", "key", "value"),
    [
        ({"strict": "true"}, "strict", True),
        ({"strict": "false"}, "strict", False),
        ({"data": {"mirror": "null"}}, "data", {"mirror": None}),
    ],
)
def test_words_mean_what_they_do_in_the_file(overrides, key, value):
    """Snakemake hands over `--config strict=true` and `data={mirror: null}` as text."""
    assert load_configuration(CONFIG, overrides)[key] == value


@pytest.mark.parametrize("scale", ["smoke", "paper"])
def test_a_target_chooses_the_scale(scale):
    targets = ["--cores", "2", scale]
    assert load_configuration(CONFIG, {}, targets)["scale"] == scale
    assert load_configuration(CONFIG, {"scale": scale}, targets)["scale"] == scale


def test_jobs_get_the_scale_of_their_run(monkeypatch):
    monkeypatch.setenv(SCALE_VARIABLE, "smoke")
    assert load_configuration(CONFIG, {})["scale"] == "smoke"
    assert load_configuration(CONFIG, {"scale": "paper"})["scale"] == "paper"


@pytest.mark.parametrize(
    ("overrides", "targets"), [({"scale": "default"}, ["smoke"]), ({}, ["smoke", "paper"])]
)
def test_target_and_scale_that_contradict(overrides, targets):
    with pytest.raises(UserError, match=r"^scale: smoke, .* were asked for; one run has one"):
        load_configuration(CONFIG, overrides, targets)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"scal": "smoke"}, "unknown key 'scal'; known keys: scale, strict"),
        ({"scale": "huge"}, "scale: is 'huge'; it must be one of smoke, default, paper"),
        ({"strict": "maybe"}, "strict: is 'maybe'; it must be of type boolean"),
        ({"chunk_seconds": "ten"}, "chunk_seconds: is 'ten'; it must be of type number"),
        ({"chunk_seconds": 0}, "chunk_seconds: is 0; it must be at least 1"),
        ({"chunk_seconds": 1e6}, "chunk_seconds: is 1000000.0; it must be at most 3600"),
        ({"experiments": "moons"}, "experiments: is 'moons'; it must be"),
        ({"experiments": []}, "experiments: "),
        ({"data": {"miror": "/x"}}, "data: unknown key 'miror'; known keys: mirror"),
        ({"data": "/x"}, "data: is '/x'; it must be of type object"),
    ],
)
def test_mistake_names_the_key(overrides, message):
    with pytest.raises(UserError) as raised:
        load_configuration(CONFIG, overrides)
    text = str(raised.value)
    assert text.startswith("configuration (")
    assert "config.yaml and --config): " + message in text
    assert "\n" not in text


@pytest.mark.parametrize("text", ["scale: [", "- a", ""])
def test_broken_file_is_named(text, tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=r"config\.yaml: "):
        load_configuration(path, {})
