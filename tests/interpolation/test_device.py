"""Both layers in torch: the same bits, counts and networks as on the processor."""

import copy

import numpy as np
import pytest
from exact_points import (
    CLASS_SIZES,
    SEEDS,
    assert_same,
    class_features,
    distinct_classes,
    exact_points,
    packed,
    twin_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from second_layer_twin import in_permutation_order

from memrob.data import build
from memrob.interpolation import fit
from memrob.interpolation.first_layer import sample_first_layer, threshold_features
from memrob.interpolation.second_layer import (
    BlockEvaluator,
    fired_members,
    minima_over_others,
)
from memrob.interpolation.selection import select
from memrob.numerics.device import TORCH_CPU
from memrob.numerics.packed import unpack

torch = pytest.importorskip("torch")

from memrob.interpolation import device_first_layer, device_second_layer  # noqa: E402
from memrob.interpolation.device_features import (  # noqa: E402
    DeviceFeatures,
    pack_octets,
    unpack_octets,
)
from memrob.interpolation.device_first_layer import first_layer_on_device  # noqa: E402
from memrob.interpolation.device_second_layer import (  # noqa: E402
    DeviceEvaluator,
    float32_product,
    int8_product,
)
from memrob.interpolation.device_signs import DeviceSigns  # noqa: E402

quick = settings(deadline=None, max_examples=60)

PLACES = [
    "cpu",
    pytest.param(
        "cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="no graphics card")
    ),
]
PRODUCTS = st.sampled_from([int8_product, float32_product])
# From a tile of 64 points and one candidate per block to everything at once.
WORKSPACES = st.sampled_from([0, 20_000, 200_000, 1 << 28])


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    # Threads that wait for each other on busy cores take longer than such small products.
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def on_device(together, place, in_octets, workspace):
    """Packed features, brought to a device bit by bit."""
    n_columns = 64 * together.tiles.shape[1]
    rows = unpack(together.tiles, n_columns).astype(np.int8)
    rows = torch.from_numpy(rows).to(place)
    if in_octets:
        rows = pack_octets(rows)
    return DeviceFeatures(rows, together.n_features, together.class_sizes, workspace)


@given(SEEDS, st.sampled_from([8, 64, 256]), st.integers(0, 5))
def test_octets(seed, n_columns, n_rows):
    bits = np.random.default_rng(seed).random((n_rows, n_columns)) < 0.5
    octets = pack_octets(torch.from_numpy(bits.astype(np.int8)))
    assert np.array_equal(octets.numpy(), np.packbits(bits, axis=1, bitorder="little"))
    assert np.array_equal(unpack_octets(octets).numpy(), bits)


@pytest.mark.parametrize("place", PLACES)
@quick
@given(class_features(), SEEDS, st.booleans(), WORKSPACES, PRODUCTS)
def test_same_counts_as_the_kernels(place, features, seed, in_octets, workspace, product):
    together = packed(features)
    for k, rows in enumerate(features):
        evaluator = DeviceEvaluator(on_device(together, place, in_octets, workspace), k, 0, product)
        block = np.random.default_rng(seed).integers(len(rows), size=40)
        minima, fires = evaluator(block)
        masks = together.complement_masks(k, block)
        assert minima.dtype == np.int64
        assert np.array_equal(minima, minima_over_others(together, k, masks))
        assert np.array_equal(fires, fired_members(together, k, masks, minima))
        assert np.array_equal(evaluator.features.complement_masks(k, block), masks)


@pytest.mark.parametrize("place", PLACES)
@quick
@given(class_features(), SEEDS, st.booleans(), WORKSPACES, PRODUCTS, st.integers(0, 12))
def test_slack_is_that_of_the_kernels(place, features, seed, in_octets, workspace, product, slack):
    together = packed(features)
    for k, rows in enumerate(features):
        tolerated = min(slack, sum(len(other) for other in features) - len(rows) - 1)
        on_place = on_device(together, place, in_octets, workspace)
        block = np.random.default_rng(seed).integers(len(rows), size=40)
        found = DeviceEvaluator(on_place, k, tolerated, product)(block)
        expected = BlockEvaluator(together, k, tolerated)(block)
        assert all(np.array_equal(*pair) for pair in zip(found, expected, strict=True))


@pytest.mark.parametrize("place", PLACES)
@settings(deadline=None, max_examples=40)
@given(class_features(), SEEDS, st.booleans(), WORKSPACES, st.sampled_from([7, 64, 1024]))
def test_same_as_the_twin(place, features, seed, in_octets, workspace, largest_block):
    rng = np.random.default_rng(seed)
    rows = on_device(packed(features), place, in_octets, workspace)
    for k in range(len(features)):
        order = copy.deepcopy(rng).permutation(len(features[k]))
        expected = twin_of(features, k, in_permutation_order(order))
        evaluate = DeviceEvaluator(rows, k)
        assert_same(select(evaluate, order), expected)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(DeviceEvaluator, "largest_block", largest_block)
            assert_same(select(evaluate, order), expected)


@pytest.mark.parametrize("place", PLACES)
@quick
@given(
    st.sampled_from([1, 2, 3, 7]),
    st.sampled_from([1, 63, 64, 65, 255, 256, 257, 513]),
    st.lists(st.one_of(CLASS_SIZES, st.just(300)), min_size=1, max_size=4),
    st.booleans(),
    WORKSPACES,
    SEEDS,
)
def test_same_bits_on_exact_points(
    place, input_dim, first_width, sizes, in_octets, workspace, seed
):
    rng = np.random.default_rng(seed)
    X = exact_points(rng, sum(sizes), input_dim)
    classes = np.split(rng.permutation(len(X)), np.cumsum(sizes)[:-1])
    layer = sample_first_layer(rng, first_width, input_dim, 1.0)
    features = first_layer_on_device(
        layer, X, classes, place, packed=in_octets, workspace=workspace
    )
    expected = on_device(threshold_features(layer, X, classes), place, in_octets, workspace)
    assert features.class_sizes == expected.class_sizes
    assert features.rows.dtype == expected.rows.dtype
    assert torch.equal(features.rows, expected.rows)


@pytest.mark.parametrize("place", PLACES)
def test_same_bits_for_any_points_of_the_plane(place):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((5000, 2)).astype(np.float32)
    # Hyperplanes through some of the points: their W x is the bias, but for rounding.
    layer = sample_first_layer(rng, 2000, 2, 1.0)
    layer.biases[:1000] = -(X[:1000] * layer.weights[:1000]).sum(axis=1)
    features = first_layer_on_device(layer, X, [np.arange(5000)], place)
    expected = threshold_features(layer, X, [np.arange(5000)])
    assert np.array_equal(features.unpacked(slice(0, 5000))[:, :2000].cpu(), expected.unpacked(0))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("input_dim", [3, 50, 784])
def test_same_bits_where_pre_activations_are_all_but_zero(place, input_dim):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((700, input_dim)).astype(np.float32)
    X[0], X[1, 1:] = 0, 0
    layer = sample_first_layer(rng, 900, input_dim, 1.0)
    # Hyperplanes through points, but for rounding, and some with none: -b is w_0 x_0.
    through = (layer.weights.astype(np.float64) @ X.T.astype(np.float64))[:800]
    layer.biases[:800] = -through[np.arange(800), rng.integers(2, 700, size=800)]
    layer.biases[800:850] = 0
    layer.weights[850:, 0], layer.biases[850:] = 1, -X[1, 0]
    features = first_layer_on_device(layer, X, [np.arange(700)], place)
    expected = threshold_features(layer, X, [np.arange(700)])
    bits = features.unpacked(slice(0, 700))[:, :900].cpu().numpy()
    assert np.array_equal(bits, expected.unpacked(0))


@pytest.fixture
def shorter_formats():
    settings = {torch.backends.cuda.matmul: "tf32", torch.backends.mkldnn.matmul: "bf16"}
    before = {setting: setting.fp32_precision for setting in settings}
    for setting, precision in settings.items():
        setting.fp32_precision = precision
    yield settings
    for setting, precision in before.items():
        setting.fp32_precision = precision


@pytest.mark.parametrize("place", PLACES)
def test_full_precision_of_the_first_layer(place, shorter_formats, monkeypatch):
    during = []
    compute = DeviceSigns.above

    # Not every machine computes less precisely when it may: that it may not is looked at too.
    def recorded(*arguments):
        during.extend(setting.fp32_precision for setting in shorter_formats)
        return compute(*arguments)

    monkeypatch.setattr(DeviceSigns, "above", recorded)
    rng = np.random.default_rng(0)
    X = rng.standard_normal((300, 40)).astype(np.float32)
    layer = sample_first_layer(rng, 400, 40, 1.0)
    features = first_layer_on_device(layer, X, [np.arange(300)], place)
    expected = threshold_features(layer, X, [np.arange(300)])
    bits = features.unpacked(slice(0, 300))[:, :400].cpu().numpy()
    assert np.array_equal(bits, expected.unpacked(0))
    assert during == ["ieee", "ieee"]
    for setting, precision in shorter_formats.items():
        assert setting.fp32_precision == precision


DEVICES = [TORCH_CPU, PLACES[1]]


@pytest.mark.parametrize("device", DEVICES)
@quick
@given(
    SEEDS,
    st.sampled_from([8, 40, 150]),
    st.integers(2, 5),
    st.sampled_from([1, 2, 5]),
    st.sampled_from([1, 3, 40, 300]),
    st.sampled_from([0.0, 4.0]),
    st.booleans(),
)
def test_same_network(device, seed, n_points, n_classes, input_dim, width, max_bias, adaptive):
    rng = np.random.default_rng(seed)
    X, y = distinct_classes(rng, n_points, input_dim, n_classes)
    arguments = {"first_width": width, "max_bias": max_bias, "seed": seed}
    arguments["adaptive"] = adaptive and max_bias > 0
    assert_same_network(fit(X, y, **arguments), fit(X, y, **arguments, device=device), X)


@pytest.mark.parametrize("device", DEVICES)
def test_same_network_on_moons(device):
    X, y = build("moons")
    X.flags.writeable = False
    arguments = {"first_width": 300, "max_bias": 1.0, "seed": 0}
    assert_same_network(fit(X, y, **arguments), fit(X, y, **arguments, device=device), X)


def assert_same_network(expected, found, X):
    assert np.array_equal(found.weights, expected.weights)
    assert np.array_equal(found.biases, expected.biases)
    assert found.second_width_per_class == expected.second_width_per_class
    for ours, theirs in zip(found.detectors, expected.detectors, strict=True):
        assert np.array_equal(ours.candidates, theirs.candidates)
        assert np.array_equal(ours.mask_words, theirs.mask_words)
        assert ours.mask_words.dtype == theirs.mask_words.dtype
        assert np.array_equal(ours.thresholds, theirs.thresholds)
        assert ours.thresholds.dtype == theirs.thresholds.dtype
        assert (ours.n_covered, ours.n_members) == (theirs.n_covered, theirs.n_members)
    assert found.accuracy == expected.accuracy
    assert np.array_equal(found.predict(X), expected.predict(X))


def test_sums_in_int8_do_not_overflow():
    n = 100_000
    ones = torch.ones((32, n // 256 * 256), dtype=torch.int8)
    for product in (int8_product, float32_product):
        assert (product(ones, ones) == ones.shape[1]).all()


def test_floats_where_there_is_no_product_of_int8(monkeypatch):
    def absent(_masks, _features):
        raise RuntimeError("not for this card")

    monkeypatch.setattr(device_second_layer, "int8_product", absent)
    product = device_second_layer.product_on.__wrapped__
    assert product(torch.device("cpu")) is float32_product


@pytest.mark.parametrize(
    ("memory", "in_octets"), [(1 << 30, False), (100 * 1024, True), (64 * 1024, True)]
)
def test_features_that_do_not_fit_are_packed(memory, in_octets, monkeypatch):
    monkeypatch.setattr(device_first_layer, "CPU_MEMORY", memory)
    rng = np.random.default_rng(0)
    X, classes = exact_points(rng, 250, 3), [np.arange(100), np.arange(100, 250)]
    layer = sample_first_layer(rng, 600, 3, 1.0)
    features = first_layer_on_device(layer, X, classes, "cpu")
    assert features.packed is in_octets
    expected = threshold_features(layer, X, classes)
    order = np.random.default_rng(1).permutation(150)
    found = select(DeviceEvaluator(features, 1), order)
    assert_same(found, select(BlockEvaluator(expected, 1), order))
