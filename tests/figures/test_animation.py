"""The animation of the construction: what its pictures show, and the one that README has."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from memrob.data.catalogue import build
from memrob.errors import UserError
from memrob.interpolation import fit
from memrob.studies.interpolation.animation import FALL, moments, write_animation

COMMITTED = Path(__file__).parents[2] / "docs" / "images" / "construction.gif"


@pytest.fixture(scope="module")
def moons():
    dataset = build("moons")
    return dataset.X, dataset.y


def frames(path):
    """Pictures of a GIF in colour, and how long each stands in milliseconds."""
    found, durations = [], []
    with Image.open(path) as image:
        for number in range(image.n_frames):
            image.seek(number)
            found.append(np.asarray(image.convert("RGB"), dtype=int))
            durations.append(image.info["duration"])
    return np.array(found), durations


def test_the_animation_of_the_readme_is_the_one_that_is_made(moons, tmp_path):
    write_animation(*moons, tmp_path / "made.gif")
    (made, durations), (kept, kept_durations) = frames(tmp_path / "made.gif"), frames(COMMITTED)
    assert durations == kept_durations
    assert made.shape == kept.shape
    # Another release of matplotlib may place a letter elsewhere, but not a region or a feature.
    differs = (np.abs(made - kept).max(axis=-1) > 16).mean(axis=(1, 2))
    assert differs.max() < 0.01
    assert COMMITTED.stat().st_size < 1_000_000


def test_moments_follow_the_construction(moons):
    X, y = moons[0][:60], moons[1][:60]
    network = fit(X, y, first_width=41, max_bias=1.0, seed=9)
    found = list(moments(network))
    falls = [moment.hyperplanes for moment in found if moment.milliseconds == FALL]
    assert falls == [*range(2, 41, 2), 41]
    neurons = [moment.neurons for moment in found]
    assert neurons == sorted(neurons)
    assert neurons[-1] == len(network.detectors[0].candidates)
    assert [m.visited for m in found if m.visited is not None] == list(range(neurons[-1]))
    assert ("interpolates with" in found[-1].text) == network.interpolates


def test_a_network_without_bias_is_said_not_to_interpolate(moons):
    network = fit(moons[0], moons[1], first_width=20, max_bias=0.0, seed=0)
    assert not network.interpolates
    assert "does not interpolate" in list(moments(network))[-1].text


def test_points_that_are_not_in_the_plane_are_refused(tmp_path):
    with pytest.raises(UserError, match="dimension 3"):
        write_animation(np.zeros((60, 3), np.float32), np.arange(60) % 2, tmp_path / "a.gif")
    assert not list(tmp_path.iterdir())
