"""The order of the published trials against the plain twin with `Generator.choice`."""

import copy
from types import SimpleNamespace

import numpy as np
import pytest
from exact_points import SEEDS, assert_same, class_features, packed, twin_of
from hypothesis import given, settings
from hypothesis import strategies as st
from second_layer_twin import in_reference_order

from memrob.interpolation import reference_order
from memrob.interpolation.reference_order import second_layers_in_reference_order


def check_all_classes(features, rng):
    unsliced, sliced = packed(features), packed(features)
    assert len(sliced.slices) > 0
    state = copy.deepcopy(rng.bit_generator.state)
    classes = range(len(features))
    expected = [twin_of(features, k, in_reference_order(rng)) for k in classes]
    for together in (unsliced, sliced):
        for chosen in (classes, [classes[-1]], [0]):
            layers = second_layers_in_reference_order(together, chosen, rng)
            assert rng.bit_generator.state == state
            for k, layer in zip(chosen, layers, strict=True):
                assert_same(layer, expected[k])


@settings(deadline=None, max_examples=150)
@given(class_features(), SEEDS, st.integers(0, 5))
def test_same_as_the_twin(features, seed, n_draws):
    # After an odd number of 32-bit draws PCG64 holds the other half of a 64-bit word.
    rng = np.random.default_rng(seed)
    rng.random(n_draws, dtype=np.float32)
    assert rng.bit_generator.state["has_uint32"] == n_draws % 2
    check_all_classes(features, rng)


@pytest.fixture
def few_words(monkeypatch):
    """Give the construction 64 times fewer random words than it asks for; record the numbers."""
    given_words = []

    def deepcopy(generator):
        def integers(high, size, dtype):
            given_words.append(size // 64)
            return copy.deepcopy(generator).integers(high, size=size // 64, dtype=dtype)

        return SimpleNamespace(integers=integers)

    monkeypatch.setattr(reference_order, "copy", SimpleNamespace(deepcopy=deepcopy))
    return given_words


def test_words_that_run_out(few_words):
    # Each of 130 candidates covers itself alone, so that 129 draws are needed.
    features = [np.ones((1, 130), bool), ~np.eye(130, dtype=bool)]
    rng = np.random.default_rng(0)
    (layer,) = second_layers_in_reference_order(packed(features), [1], rng)
    assert few_words == [3, 6, 12, 24, 48, 97, 194]
    assert_same(layer, twin_of(features, 1, in_reference_order(rng)))
    assert len(layer.candidates) == 130


@pytest.mark.parametrize("seed", range(10))
def test_words_that_run_out_with_covered_and_uncovered_candidates(few_words, seed):
    rng = np.random.default_rng(seed)
    rng.random(seed, dtype=np.float32)
    features = [rng.random((30, 20)) < 0.5, rng.random((200, 20)) < 0.4]
    check_all_classes(features, rng)
    assert len(few_words) > 2


@pytest.mark.parametrize("size", [3, 5, 63, 65, 130])
@pytest.mark.parametrize("word", [0, 1, 2, 1 << 31, (1 << 32) - 1])
def test_rejected_words(size, word):
    # A word w is rejected when w * size mod 2^32 < 2^32 mod size; 0 is, for sizes other than
    # powers of two. It is put where the generator keeps its spare half of a 64-bit word.
    rng = np.random.default_rng(1)
    rng.bit_generator.state = {**rng.bit_generator.state, "has_uint32": 1, "uinteger": word}
    gen = np.random.default_rng(2)
    check_all_classes([gen.random((20, 40)) < 0.5, gen.random((size, 40)) < 0.5], rng)


def test_one_candidate_needs_no_draw():
    features = [np.ones((3, 2), bool), np.zeros((1, 2), bool)]
    (layer,) = second_layers_in_reference_order(packed(features), [1], np.random.default_rng(0))
    assert layer.candidates.tolist() == [0]
    assert layer.thresholds.tolist() == [2]
    assert layer.n_covered == 1
