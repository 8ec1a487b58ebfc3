import numpy as np
import pytest
from scipy.special import gammaln

from memrob.complexity import mean_width
from memrob.complexity.covering import MutualCovering, Pieces
from memrob.complexity.mean_width import gaussian_mean_width, piece_widths
from memrob.complexity.omega import omega

HALF_NORMAL = np.sqrt(2 / np.pi)


def _near(estimate, expected):
    assert abs(estimate.value - expected) < 4.5 * estimate.standard_error
    assert estimate.standard_error < 0.05 * max(expected, 1)


def test_known_widths(rng):
    a = np.array([[3.0, 0.0, 4.0]])
    _near(gaussian_mean_width(a, rng, 20_000), 0)
    _near(gaussian_mean_width(a, rng, 4000, absolute=True), 5 * HALF_NORMAL)
    _near(gaussian_mean_width(np.concatenate([a, -a]), rng, 4000), 5 * HALF_NORMAL)
    # E max(0, <g, a>) is half of E |<g, a>|.
    _near(gaussian_mean_width(np.concatenate([a, 0 * a]), rng, 4000), 2.5 * HALF_NORMAL)


def test_width_of_an_interval_is_that_of_its_ends(rng):
    interval = np.linspace(-1, 3, 1001)[:, None]
    # sup of g a over [-1, 3] is 3 g for g > 0 and -g for g < 0.
    _near(gaussian_mean_width(interval, rng, 4000), 4 * HALF_NORMAL / 2)


def test_width_of_a_circle_is_the_mean_norm(rng):
    angles = np.linspace(0, 2 * np.pi, 2000)
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    _near(gaussian_mean_width(circle, rng, 4000), np.sqrt(np.pi / 2))


def test_width_of_the_cross_polytope_is_the_mean_maximum(rng):
    d = 5
    cross = np.concatenate([np.eye(d), -np.eye(d)])
    maxima = np.abs(np.random.default_rng(0).standard_normal((200_000, d))).max(axis=1)
    _near(gaussian_mean_width(cross, rng, 4000), maxima.mean())


def test_standard_error_is_that_of_the_mean(rng):
    a = np.eye(7)
    errors = [gaussian_mean_width(np.concatenate([a, -a]), rng, 400) for _ in range(60)]
    spread = np.std([found.value for found in errors], ddof=1)
    claimed = np.mean([found.standard_error for found in errors])
    assert 0.6 < spread / claimed < 1.6


@pytest.mark.parametrize("elements", [64, 2**24])
def test_pieces_have_the_widths_of_their_centred_points(rng, monkeypatch, elements):
    monkeypatch.setattr(mean_width, "BLOCK_ELEMENTS", elements)
    X = rng.standard_normal((120, 6))
    assignment = rng.integers(-1, 5, 120)
    # The last piece is its centre alone.
    assignment[assignment == 4] = -1
    assignment[7] = 4
    centres = np.array([np.flatnonzero(assignment == k)[0] for k in range(5)])
    widths, errors = piece_widths(X, centres, assignment, np.random.default_rng(1), 30)
    for k in range(5):
        centred = X[assignment == k] - X[centres[k]]
        same = gaussian_mean_width(centred, np.random.default_rng(1), 30, absolute=True)
        np.testing.assert_allclose((widths[k], errors[k]), same, rtol=1e-5)
    assert (widths[4], errors[4]) == (0, 0)


def _pieces(centres, distances, assignment):
    nothing = np.zeros(len(centres))
    return Pieces(np.array(centres), nothing, nothing, np.array(distances), np.array(assignment))


def test_omega_is_the_largest_scaled_piece(rng):
    # Two segments [c, c + a]: w = |a| (2/pi)^{1/2}; the shorter one is closer to the other class.
    X_minus = np.array([[0.0, 0.0], [3.0, 4.0], [9.0, 0.0], [9.0, 1.0]])
    X_plus = np.array([[50.0, 0.0]])
    minus = _pieces([0, 2], [10.0, 2.0], [0, 0, 1, 1])
    covering = MutualCovering(minus, _pieces([0], [2.0], [0]), 1.0, 1.0)
    found, single = omega(covering, X_minus, X_plus, rng, 4000)
    expected = 2 / np.pi / 8
    assert expected > 25 * 2 / np.pi / 1000
    assert abs(found.value - expected) < 4.5 * found.standard_error
    # To first order 2 w sd(w) / 2^3, where the supremum is |g| for a standard normal g.
    error = 2 * HALF_NORMAL * np.sqrt((1 - 2 / np.pi) / 4000) / 8
    assert found.standard_error == pytest.approx(error, rel=0.1)
    assert single == (0, 0)


def test_omega_of_a_ball_is_of_order_dimension(rng):
    d = 40
    sphere = rng.standard_normal((3000, d))
    sphere /= np.linalg.norm(sphere, axis=1, keepdims=True)
    X = np.concatenate([np.zeros((1, d)), sphere])
    minus = _pieces([0], [3.0], np.zeros(len(X), int))
    covering = MutualCovering(minus, _pieces([0], [3.0], [0]), 1.0, 1.0)
    found, _ = omega(covering, X, np.full((1, d), 9.0), rng, 500)
    mean_norm = np.sqrt(2) * np.exp(gammaln((d + 1) / 2) - gammaln(d / 2))
    assert 0.2 * mean_norm**2 / 27 < found.value < mean_norm**2 / 27
