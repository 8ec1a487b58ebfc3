import copy
import re

import pytest

from memrob.errors import UserError
from memrob.studies.registry import load_experiment, load_experiments


def changed(settings, path, value):
    content = copy.deepcopy(settings)
    *parents, last = path.split(".")
    place = content
    for key in parents:
        place = place[key]
    place[last] = value
    return content


def test_small_experiment_is_valid(settings, write):
    experiment = load_experiment(write(settings))
    assert len(experiment.trials("paper")) == 3 * 3 * 4
    assert len(experiment.trials("smoke")) == 3 * 2
    assert not experiment.takes_part("default")


MISTAKES = {
    "unknown key": ("restart", 3, r"unknown key 'restart'; known keys: title, dataset"),
    "unknown key inside": ("grid.width", [1], r"grid: unknown key 'width'; known keys: n_samples"),
    "unknown scale": ("scales.huge", {}, r"scales: unknown key 'huge'; known keys: smoke"),
    "unknown option": ("figures.width.z", 1, r"figures\.width: unknown key 'z'; known keys: kind"),
    "wrong value": (
        "order",
        "random",
        r"order: is 'random'; it must be one of permutation, greedy, cluster, ref",
    ),
    "unknown kind": ("figures.width.kind", "pie", r"figures\.width\.kind: is 'pie'; .*one of heat"),
    "option of another kind": (
        "figures.width.sizes",
        [3],
        r"figures\.width\.sizes: is no option of the kind heatmap; it has quantity, x, y",
    ),
    "unknown rule": (
        "figures.width.claims",
        [{"rule": "grows", "source": "own"}],
        r"figures\.width\.claims\.0\.rule: is 'grows'; it must be one of .*peak_before",
    ),
    "unknown source": (
        "figures.width.claims",
        [{"rule": "width_constant", "source": "a friend"}],
        r"figures\.width\.claims\.0\.source: is 'a friend'; it must be: .*\[M\] or \[L\]",
    ),
    "number for a name": ("figures", {3: {}}, r"figures: is 3; it must be of type string"),
    "name of two folders": ("figures", {"a/b": {}}, r"figures: is 'a/b'; it must be: A name of"),
    "claim without source": (
        "figures.width.claims",
        [{"rule": "width_constant"}],
        r"figures\.width\.claims\.0: 'source' is a required property",
    ),
    "unknown data set": ("dataset", "stars", r"dataset: is 'stars'; it must be one of moons, "),
    "text for a number": ("restarts", "four", r"restarts: is 'four'; it must be of type integer"),
    "boolean for a number": ("restarts", True, r"restarts: is True; it must be of type integer"),
    "number for text": ("title", 3, r"title: is 3; it must be of type string"),
    "list for a mapping": ("scales", [], r"scales: is \[\]; it must be of type object"),
    "nothing": ("scales", None, r"scales: is None; it must be of type object"),
    "text for values": ("grid.first_width", "10", r"grid\.first_width: is '10'; it must be"),
    "part of a number": ("grid.first_width", [10.5], r"grid\.first_width\.0: is 10\.5"),
    "too small": ("restarts", 0, r"restarts: is 0; it must be at least 1"),
    "negative bias": ("grid.max_bias", [0, -1], r"grid\.max_bias\.1: is -1; it must be at least 0"),
    "no values": ("grid.max_bias", [], r"grid\.max_bias: "),
    "no step": ("grid.max_bias", {"start": 0, "stop": 1}, r"grid\.max_bias: .*'step'"),
    "empty range": (
        "scales.smoke.first_width",
        {"start": 30, "stop": 10, "step": 10},
        r"scales\.smoke\.first_width: holds no value",
    ),
    "off the grid": (
        "scales.smoke.first_width",
        [20, 25],
        r"scales\.smoke\.first_width: 25 is not a value of grid\.first_width",
    ),
    "bias off the grid": (
        "scales.paper.max_bias",
        [0.1, 0.15],
        r"scales\.paper\.max_bias: 0\.15 is not a value of grid\.max_bias",
    ),
    "line off the grid": (
        "figures.drawn",
        {"kind": "slices", "caption": "C", "by": "first_width", "x": "max_bias", "at": [20, 25]},
        r"figures\.drawn\.at: 25 is not a value of grid\.first_width",
    ),
    "more points than there are": (
        "figures.drawn",
        {"kind": "data", "caption": "C", "sizes": [10, 2_000_000]},
        r"figures\.drawn\.sizes: 2000000 are more than the 1000 points of ",
    ),
    "a network of more points": (
        "figures.drawn",
        {"kind": "boundary", "caption": "C", "n_samples": 10**8},
        r"figures\.drawn\.n_samples: 100000000 are more than the 1000 points of ",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_names_file_and_key_in_one_line(mistake, settings, write):
    key, value, message = MISTAKES[mistake]
    path = write(changed(settings, key, value))
    with pytest.raises(UserError, match="^" + re.escape(f"{path}: ") + message) as raised:
        load_experiment(path).check_figures()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("key", ["title", "dataset", "figures", "order", "restarts", "scales"])
def test_missing_key_is_named(key, settings, write):
    del settings[key]
    with pytest.raises(UserError, match=rf"test\.yaml: '{key}' is a "):
        load_experiment(write(settings))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("restarts", 4.0),
        ("scales.smoke.restarts", 2.0),
        ("grid.max_bias", {"start": 0, "stop": float("inf"), "step": 1}),
        ("grid.max_bias", [0, float("nan")]),
        ("scales.smoke.restarts", 5),
        ("scales.smoke.max_bias", [0.1, 0.1 + 1e-12]),
        ("grid.n_samples", [2000]),
    ],
)
def test_what_no_run_could_do_is_refused_or_made_good(key, value, settings, write):
    """Either a UserError, or trials that are distinct, seeded and possible."""
    try:
        experiment = load_experiment(write(changed(settings, key, value)))
    except UserError as error:
        assert key.split(".")[-1] in str(error)
        return
    for scale in ("smoke", "paper"):
        trials = experiment.trials(scale)
        assert len(set(trials)) == len(trials)
        assert all(0 <= t.max_bias < float("inf") and t.n_samples <= 1000 for t in trials)
        assert all(t.restart < 4 for t in trials), "restarts beyond those of the whole grid"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"title: [a\nb: c", r"line 2: not valid YAML"),
        (b"title: a\n\tdataset: b", r"line 2: not valid YAML"),
        (b"- a\n- b", r"holds a list; a mapping of keys is needed"),
        (b"", r".*a mapping of keys is needed"),
        (b"title: caf\xe9", r""),
        (b"figures: {}\ntitle: a\nfigures: {}", r"line 3: .*the key 'figures' stands there twice"),
        (b"grid: {a: 1,\n  a: 2}", r"line 2: .*the key 'a' stands there twice"),
        (b"grid: &a [*a]", r"an anchor \(&\) stands for something that holds itself"),
    ],
    ids=["syntax", "tab", "list", "empty", "not UTF-8", "twice", "twice inside", "in itself"],
)
def test_file_that_is_no_mapping(content, message, tmp_path):
    path = tmp_path / "interpolation" / "broken.yaml"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(UserError, match=re.escape(f"{path}: ") + message) as raised:
        load_experiment(path)
    assert "\n" not in str(raised.value)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"nothing\.yaml: there is no such file"):
        load_experiment(tmp_path / "interpolation" / "nothing.yaml")


@pytest.mark.parametrize(
    "stray",
    ["interpolation/two.yml", "two.yaml", "interpolations/two.yaml", "interpolation/new/two.yaml"],
)
def test_a_file_where_none_is_read_is_named(stray, settings, write, tmp_path):
    write(settings, "one")
    path = tmp_path / stray
    path.parent.mkdir(exist_ok=True)
    path.write_text("title: two")
    with pytest.raises(UserError, match=rf"{re.escape(str(path))}: is not read; experiments are "):
        load_experiments(tmp_path)


def test_unknown_experiment_is_named_with_those_there_are(settings, write, tmp_path):
    write(settings, "one")
    write(settings, "two")
    with pytest.raises(UserError, match=r"experiments: there is no 'three'; there are one, two$"):
        load_experiments(tmp_path, ["one", "three"])
    assert list(load_experiments(tmp_path, ["two"])) == ["two"]
    assert list(load_experiments(tmp_path)) == ["one", "two"]


def test_name_of_a_file_is_one_that_rules_and_paths_can_have(settings, write, tmp_path):
    write(settings, "one.two")
    with pytest.raises(UserError, match=r"one\.two\.yaml: the name of the file must be of letters"):
        load_experiments(tmp_path)
