from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from memrob.studies import chunks as chunks_module
from memrob.studies.chunks import MOST_CHUNKS
from memrob.studies.interpolation.cost import predicted_cost
from memrob.studies.interpolation.trial import Trial


def split(trials, chunk_seconds):
    return chunks_module.split(trials, [predicted_cost(t) for t in trials], chunk_seconds)


trial = st.builds(
    Trial,
    dataset=st.sampled_from(["moons", "moons_size", "mnist", "cifar10"]),
    n_samples=st.sampled_from([100, 1000, 60_000]),
    first_width=st.sampled_from([10, 64, 500, 10_000]),
    max_bias=st.floats(0, 2.5),
    activation=st.just("threshold"),
    order=st.just("permutation"),
    restart=st.integers(0, 99),
    seed=st.integers(0, 2**53 - 1),
)


@given(st.lists(trial, min_size=1, max_size=60), st.floats(1e-4, 100))
@settings(deadline=None, max_examples=200)
def test_split(trials, chunk_seconds):
    chunks = split(trials, chunk_seconds)
    # Every trial once, and in order.
    assert [t for chunk in chunks for t in chunk.trials] == trials
    assert all(chunk.trials for chunk in chunks)
    assert len({chunk.name for chunk in chunks}) == len(chunks)
    seconds = [predicted_cost(t).seconds for t in trials]
    for chunk in chunks:
        expected = sum(predicted_cost(t).seconds for t in chunk.trials)
        assert abs(chunk.cost.seconds - expected) < 1e-9 * sum(seconds)
    # Not more of them than full ones would be, and none longer than its share by more than what
    # half a trial at each end makes.
    most = max(1, min(int(sum(seconds) / chunk_seconds), MOST_CHUNKS))
    assert len(chunks) <= most
    share = sum(seconds) / most
    assert max(chunk.cost.seconds for chunk in chunks) <= (share + max(seconds)) * (1 + 1e-9)


def equal_trials(count):
    return [Trial("moons", 1000, 50, 1.0, "threshold", "reference", 0, i) for i in range(count)]


def test_trials_of_equal_cost_give_chunks_that_differ_by_one_trial():
    trials = equal_trials(1000)
    total = 1000 * predicted_cost(trials[0]).seconds
    for n_chunks in (1, 2, 7, 64, 249):
        sizes = [len(c.trials) for c in split(trials, total / (n_chunks + 0.5))]
        assert len(sizes) == n_chunks
        assert max(sizes) - min(sizes) <= 1


def test_no_more_than_the_most_chunks():
    assert len(split(equal_trials(1000), 1e-9)) == MOST_CHUNKS


def test_names_follow_from_the_trials():
    trials = equal_trials(40)
    seconds = 10.5 * predicted_cost(trials[0]).seconds
    names = [chunk.name for chunk in split(trials, seconds)]
    assert names == [chunk.name for chunk in split(list(trials), seconds)]
    # A change of one trial renames its chunk and no other.
    changed = [*trials[:-1], replace(trials[-1], max_bias=1.0000000000000002)]
    renamed = [chunk.name for chunk in split(changed, seconds)]
    assert renamed[:-1] == names[:-1]
    assert renamed[-1] != names[-1]
    # More trials behind leave the chunks before them alone.
    longer = split(equal_trials(80), seconds)
    assert len({c.name for c in longer}) == len(longer)


def test_dearer_trials_are_predicted_to_take_longer():
    cheap = Trial("mnist", 70_000, 100, 1.0, "threshold", "permutation", 0, 0)
    wide, few = replace(cheap, first_width=1000), replace(cheap, n_samples=7000)
    assert predicted_cost(wide).seconds > 2 * predicted_cost(cheap).seconds
    assert predicted_cost(few).seconds < predicted_cost(cheap).seconds
