"""Networks and estimators in files: the same predictions, and one line about other files."""

import json
import pickle
import struct

import numpy as np
import pytest
from exact_points import distinct_classes
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import save_file

from memrob.errors import UserError
from memrob.interpolation import InterpolatingClassifier, Network, fit, load, save
from memrob.interpolation.saved import FORMAT


def data(n_classes=3, seed=0):
    return distinct_classes(np.random.default_rng(seed), 60, 3, n_classes)


@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize("width", [1, 8, 65, 300])
@pytest.mark.parametrize("activation", ["threshold", "relu"])
def test_networks_come_back(tmp_path, n_classes, width, activation):
    X, y = data(n_classes)
    network = fit(X, 10 * y - 5, first_width=width, max_bias=1.0, seed=0, activation=activation)
    save(tmp_path / "network", network)
    loaded = load(tmp_path / "network")
    assert isinstance(loaded, Network)
    assert loaded.weights.tobytes() == network.weights.tobytes()
    assert loaded.biases.tobytes() == network.biases.tobytes()
    counts = ["accuracy", "covered", "n_parameters", "second_width_per_class", "n_samples"]
    assert [getattr(loaded, c) for c in counts] == [getattr(network, c) for c in counts]
    anywhere = np.concatenate([X, X + 0.3, np.random.default_rng(1).normal(size=(200, 3))])
    assert loaded.predict(anywhere).tobytes() == network.predict(anywhere).tobytes()
    for detector, other in zip(loaded.detectors, network.detectors, strict=True):
        assert detector.fires(anywhere).tobytes() == other.fires(anywhere).tobytes()
        assert detector.candidates.tolist() == other.candidates.tolist()
    # A second generation is the same file.
    save(tmp_path / "again", loaded)
    assert (tmp_path / "again").read_bytes() == (tmp_path / "network").read_bytes()


@pytest.mark.parametrize(
    "labels",
    [
        np.array(["b\n", "ä", "日本"]),
        np.array(["a", "b", "c"], dtype=object),
        np.array([-7, 0, 2**40]),
        np.array([1, 2, 255], dtype=np.uint8),
        np.array([-1.0, 0.0, 3.0], dtype=np.float32),
        np.array([False, True]),
    ],
)
def test_estimators_come_back(tmp_path, labels):
    X, k = data(len(labels))
    estimator = InterpolatingClassifier(np.int64(30), 1.25, random_state=3).fit(X, labels[k])
    save(tmp_path / "classifier.safetensors", estimator)
    loaded = load(tmp_path / "classifier.safetensors")
    assert loaded.get_params() == estimator.get_params()
    assert loaded.classes_.tolist() == labels.tolist()
    assert loaded.classes_.dtype == labels.dtype
    for name in (
        *("scale_", "seed_", "first_width_", "second_width_", "second_width_per_class_"),
        *("n_parameters_", "interpolates_", "n_features_in_"),
    ):
        assert getattr(loaded, name) == getattr(estimator, name), name
    anywhere = np.random.default_rng(1).normal(size=(300, 3))
    assert loaded.predict(anywhere).tolist() == estimator.predict(anywhere).tolist()
    # Growing goes on as if nothing had been between.
    grown = [e.set_params(warm_start=True, first_width=99).fit(X, k) for e in (loaded, estimator)]
    assert grown[0].predict(anywhere).tolist() == grown[1].predict(anywhere).tolist()


def test_names_of_features_and_random_states(tmp_path):
    pandas = pytest.importorskip("pandas")
    X, y = data()
    frame = pandas.DataFrame(X, columns=["height", "width", "age"])
    state = np.random.RandomState(0)
    estimator = InterpolatingClassifier(20, random_state=state).fit(frame, y)
    save(tmp_path / "c", estimator)
    loaded = load(tmp_path / "c")
    assert loaded.feature_names_in_.tolist() == ["height", "width", "age"]
    assert (loaded.random_state, loaded.seed_) == (None, estimator.seed_)
    with pytest.raises(ValueError, match="feature names"):
        loaded.predict(frame.rename(columns={"age": "weight"}))


def test_nothing_is_pickled_or_left_behind(tmp_path):
    X, y = data()
    save(tmp_path / "new" / "c", InterpolatingClassifier(20, random_state=0).fit(X, y))
    content = (tmp_path / "new" / "c").read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    assert header["weights"]["dtype"] == "F32"
    assert json.loads(header["__metadata__"][FORMAT.key])["estimator"]["classes"] == [0, 1, 2]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["c"]


def one_line(raised, path):
    message = str(raised.value)
    assert "\n" not in message
    assert message.startswith(f"{path}: ")


@pytest.mark.parametrize("labels", [[(1, 2), (3, 4)], [b"a", b"b"], [1j, 2j]])
def test_labels_that_cannot_be_saved(tmp_path, labels):
    X, y = data(2)
    estimator = InterpolatingClassifier(20, random_state=0).fit(X, y)
    estimator.classes_ = np.empty(2, dtype=object)
    estimator.classes_[:] = labels
    with pytest.raises(UserError, match=r"labels that can be saved are strings, int") as raised:
        save(tmp_path / "c", estimator)
    one_line(raised, tmp_path / "c")
    assert not list(tmp_path.iterdir())


def test_dates_cannot_be_saved(tmp_path):
    X, y = data(2)
    estimator = InterpolatingClassifier(20, random_state=0).fit(X, y)
    estimator.classes_ = np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]")
    with pytest.raises(UserError, match="has type date; labels that can be saved"):
        save(tmp_path / "c", estimator)


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (InterpolatingClassifier(), "is not fitted; call fit before it is saved"),
        ({"weights": 1}, "takes a Network or an InterpolatingClassifier, not dict"),
    ],
)
def test_what_cannot_be_saved(tmp_path, thing, message):
    with pytest.raises(UserError, match=message) as raised:
        save(tmp_path / "c", thing)
    one_line(raised, tmp_path / "c")


def test_arguments_in_the_wrong_order():
    X, y = data()
    with pytest.raises(UserError, match=r"^path: is no path but of type Network; it comes before"):
        save(fit(X, y, first_width=5, max_bias=1.0, seed=0), "network")


def test_where_it_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    X, y = data()
    path = tmp_path / "file" / "network"
    with pytest.raises(UserError, match="cannot be written") as raised:
        save(path, fit(X, y, first_width=5, max_bias=1.0, seed=0))
    one_line(raised, path)


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    X, y = data()
    path = tmp_path_factory.mktemp("saved") / "c"
    save(path, InterpolatingClassifier(20, random_state=0).fit(X, np.array(["a", "b", "c"])[y]))
    return path.read_bytes()


POINTS = np.random.default_rng(0).normal(size=(200, 3))


@pytest.fixture(scope="module")
def predicted(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "c"
    path.write_bytes(content)
    return load(path).predict(POINTS)


def test_absent_files_and_folders(tmp_path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(UserError, match=r"expected a network saved by .* found") as raised:
            load(path)
        one_line(raised, path)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.999])
def test_truncated_files(tmp_path, content, share):
    path = tmp_path / "c"
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(UserError, match="found a truncated or other file") as raised:
        load(path)
    one_line(raised, path)


@pytest.mark.parametrize(
    "foreign", [b"hello, world\n" * 9, pickle.dumps({"a": 1}), b"\x00" * 64, b"PK\x03\x04" * 8]
)
def test_foreign_files(tmp_path, foreign):
    path = tmp_path / "c"
    path.write_bytes(foreign)
    with pytest.raises(UserError, match="found a truncated or other file") as raised:
        load(path)
    one_line(raised, path)


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        (None, "found other safetensors"),
        ({"format": "pt"}, "found other safetensors"),
        ({FORMAT.key: '{"version": 3}'}, "has version 3 of the format, and this memrob reads 2"),
        ({FORMAT.key: '{"version": 1}'}, "found a damaged one"),
        ({FORMAT.key: "{"}, "found a damaged one"),
        ({FORMAT.key: "[]"}, "found a damaged one"),
        ({FORMAT.key: "[" * 100_000}, "found a damaged one"),
    ],
)
def test_other_safetensors(tmp_path, metadata, message):
    path = tmp_path / "c"
    save_file({"weights": np.ones((2, 2), np.float32)}, path, metadata)
    with pytest.raises(UserError, match=message) as raised:
        load(path)
    one_line(raised, path)


def change(path, content, keys, value):
    """Write a file with one part of its description, or one of its arrays, changed.

    Without a checksum, as files of other programs and of memrob's first versions.
    """
    path.write_bytes(content)
    with safe_open(path, "numpy") as file:
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        description = json.loads(file.metadata()[FORMAT.key])
    del description["sha256"]
    *outer, last = keys
    place = description
    for key in outer:
        place = place[key]
    if last in arrays:
        arrays[last] = value(arrays[last])
    else:
        place[last] = value(place[last])
    save_file(arrays, path, {FORMAT.key: json.dumps(description)})


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["activation"], lambda _: "tanh"),
        (["activation"], lambda _: "relu"),
        (["n_samples"], lambda _: float("inf")),
        (["n_samples"], lambda _: 3),
        (["n_correct"], lambda _: 10_000),
        (["detectors", 0, "n_covered"], lambda _: 10_000),
        (["detectors", 0, "n_covered"], lambda _: -1),
        (["detectors"], lambda detectors: detectors[:2]),
        (["detectors", 0, "label"], lambda label: label + 1),
        (["estimator", "parameters"], lambda _: {"worst_width": 1}),
        (["estimator", "classes"], lambda _: ["a", "b"]),
        (["estimator", "classes"], lambda _: ["a", "b", None]),
        (["estimator", "classes"], lambda _: ["a", "b", 1]),
        (["estimator", "classes_type"], lambda _: "int64"),
        (["estimator", "classes_type"], lambda _: "U1000000000"),
        (["estimator", "scale"], lambda _: 0),
        (["estimator", "scale"], lambda _: float("nan")),
        (["estimator", "feature_names"], lambda _: ["age"]),
        (["weights"], lambda weights: weights.astype(np.float64)),
        (["weights"], lambda weights: weights[:-1]),
        (["weights"], lambda weights: np.inf * weights),
        (["biases"], lambda biases: biases[None]),
        (["labels"], lambda labels: labels[:1]),
        (["masks.1"], lambda masks: masks[:, :1].copy()),
        (["thresholds.2"], lambda thresholds: thresholds[1:]),
        (["candidates.0"], lambda candidates: candidates[:0]),
        (["candidates.0"], lambda candidates: candidates - 10_000),
    ],
)
def test_inconsistent_files(tmp_path, content, keys, value):
    path = tmp_path / "c"
    change(path, content, keys, lambda same: same)
    assert isinstance(load(path), InterpolatingClassifier)
    change(path, content, keys, value)
    with pytest.raises(UserError, match="found a damaged one") as raised:
        load(path)
    one_line(raised, path)


def test_a_changed_number_is_noticed(tmp_path, content):
    change(tmp_path / "plain", content, ["biases"], lambda biases: -biases)
    assert isinstance(load(tmp_path / "plain"), InterpolatingClassifier)
    with safe_open(tmp_path / "plain", "numpy") as file:
        biases = file.get_tensor("biases").tobytes()
    original = (-np.frombuffer(biases, np.float32)).tobytes()
    assert content.count(original) == 1
    path = tmp_path / "c"
    path.write_bytes(content.replace(original, biases))
    with pytest.raises(UserError, match="by its checksum") as raised:
        load(path)
    one_line(raised, path)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_damaged_files_are_the_same_or_refused_in_one_line(
    tmp_path_factory, content, predicted, data
):
    place = data.draw(st.integers(0, len(content) - 1) | st.integers(0, 1500))
    piece = data.draw(st.binary(min_size=1, max_size=4))
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(content[:place] + piece + content[place + len(piece) :])
    try:
        loaded = load(path)
    except UserError as error:
        assert "\n" not in str(error)
        assert str(error).startswith(f"{path}: ")
    else:
        assert (loaded.predict(POINTS) == predicted).all()
