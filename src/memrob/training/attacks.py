"""Attacks: one gradient step (FGSM), and projected gradient steps in balls (PGD).

Libraries of attacks answer for given radii; a radius of each point of a network of a few layers
takes a bisection over all points at once. Tests compare with foolbox.
"""

import math
from typing import NamedTuple

import numpy as np

from memrob.lipschitz.norms import dual_vector, norm
from memrob.training.classifier import Classifier
from memrob.training.linearised import ranked_classes
from memrob.training.perturbations import Perturbed, crossing_times, nearest_on_paths
from memrob.training.projections import projected

Box = tuple[float, float]
"""Least and greatest value that a coordinate may take."""

NEAR = 1e-9
"""Relative distance from a computed crossing within which the label certainly changes."""


FIRST_STEP = 0.5
"""Length of the first step of a run, in radii of its ball; from there on it falls linearly to 0."""


NEAREST = 1 / 32
"""Least radius that is tried, in distances to the linearised boundary."""


class Effort(NamedTuple):
    """How much work a PGD attack takes.

    Attributes
    ----------
    rounds : int
        Radii that are tried for each point, by bisection.
    starts : int
        Runs for each radius, each towards one of the classes that are nearest.
    steps : int
        Gradient steps of a run.
    """

    rounds: int = 6
    starts: int = 4
    steps: int = 25


def fgsm(
    classifier: Classifier, X: np.ndarray, labels: np.ndarray, p: float, box: Box | None = None
) -> Perturbed:
    """Least step along the steepest direction at each point that changes its label.

    Parameters
    ----------
    classifier : Classifier
    X : ndarray of float64, shape (M, d)
    labels : ndarray of int, shape (M,)
    p : float
        Exponent in [1, inf]: steps are in the direction u of |u|_p = 1 in which the margin to one
        other class falls fastest, the class whose linearised boundary is nearest.
    box : (float, float), optional
        Cut coordinates off at these values.

    Returns
    -------
    Perturbed

    Notes
    -----
    I. Goodfellow, J. Shlens, C. Szegedy (*Explaining and harnessing adversarial examples*, 2015),
    with the gradient of a margin instead of the loss. For one hidden layer and no box the least
    step is exact (`crossing_times`); else it is looked for at 64 steps and refined.
    """
    nearest, distances = ranked_classes(classifier, X, labels, p, 1)
    slopes = classifier.margin_gradients(X, labels, nearest[:, 0])
    directions = -dual_vector(slopes, p)
    wrong = classifier.margins(X, labels).min(axis=1) <= 0
    if classifier.depth == 1 and box is None:
        times = crossing_times(classifier, X, labels, directions)
        ladders = times[:, None] * np.array([1 - NEAR, 1 + NEAR, 1 + 1e3 * NEAR])
        ladders[~np.isfinite(times)] = 0
    else:
        known = np.isfinite(distances[:, 0]) & ~wrong
        ladders = np.where(known, distances[:, 0], 0)[:, None] * np.geomspace(1 / 4, 1e3, 64)
    found = nearest_on_paths(
        classifier,
        X,
        labels,
        p,
        lambda rows, times: clipped(X[rows] + times[:, None] * directions[rows], box),
        ladders,
    )
    return unmoved(found, X, wrong)


def pgd(
    classifier: Classifier,
    X: np.ndarray,
    labels: np.ndarray,
    p: float,
    *,
    generator: np.random.Generator,
    effort: Effort = Effort(),  # noqa: B008
    box: Box | None = None,
    certified: np.ndarray | None = None,
) -> Perturbed:
    """Nearest change of the label that projected gradient steps find in balls of many radii.

    Parameters
    ----------
    classifier : Classifier
    X : ndarray of float64, shape (M, d)
    labels : ndarray of int, shape (M,)
    p : {1, 2, inf}
    generator : numpy.random.Generator
        Of the random starts.
    effort : Effort
    box : (float, float), optional
        Keep coordinates between these values, between which those of X lie.
    certified : ndarray of float64, shape (M,), optional
        Radii within which no label changes: none is looked for there.

    Returns
    -------
    Perturbed
        Never farther than what `fgsm` finds.

    Notes
    -----
    A. Madry, A. Makelov, L. Schmidt, D. Tsipras, A. Vladu (*Towards deep learning models resistant
    to adversarial attacks*, 2018), on the margins to the classes that are nearest. The radius of
    each point's ball is found by bisection, and what changes the label is pulled back along the
    segment towards the point.
    """
    X = np.asarray(X, dtype=np.float64)
    best = fgsm(classifier, X, labels, p, box)
    nearest, distances = ranked_classes(classifier, X, labels, p, effort.starts)
    boundary = np.where(np.isfinite(distances[:, 0]), distances[:, 0], 0)
    low = np.maximum(0 if certified is None else certified, NEAREST * boundary)
    single = Classifier(
        tuple(weight.astype(np.float32) for weight in classifier.weights),
        tuple(bias.astype(np.float32) for bias in classifier.biases),
    )
    for _ in range(effort.rounds):
        reach = np.where(np.isfinite(best.radii), best.radii, 4 * low)
        rows = np.flatnonzero((best.radii > 0) & (low > 0) & (low < reach))
        radii = np.sqrt(low[rows] * reach[rows])
        ends = _descended(
            single, X[rows], labels[rows], nearest[rows], radii, p, effort, box, generator
        )
        found = _pulled_back(classifier, X[rows], labels[rows], ends, p, box)
        improved = found.radii < best.radii[rows]
        best.radii[rows[improved]] = found.radii[improved]
        best.points[rows[improved]] = found.points[improved]
        low[rows] = np.where(found.radii < np.inf, low[rows], radii)
    return best


def clipped(points: np.ndarray, box: Box | None) -> np.ndarray:
    """Points with their coordinates cut off at the ends of the box, if there is one."""
    return points if box is None else np.clip(points, *box)


def unmoved(found: Perturbed, X: np.ndarray, wrong: np.ndarray) -> Perturbed:
    """The same with radius 0 where the label is wrong without a perturbation."""
    return Perturbed(np.where(wrong, 0.0, found.radii), np.where(wrong[:, None], X, found.points))


def _descended(
    single: Classifier,
    X: np.ndarray,
    labels: np.ndarray,
    nearest: np.ndarray,
    radii: np.ndarray,
    p: float,
    effort: Effort,
    box: Box | None,
    generator: np.random.Generator,
) -> np.ndarray:
    """Ends (starts, M, d) of runs of normalised steps down the margins, in float32."""
    starts, count = effort.starts, len(X)
    centres = np.tile(X.astype(np.float32), (starts, 1))
    labels = np.tile(labels, starts)
    others = nearest[:, np.arange(starts) % nearest.shape[1]].T.ravel()
    radii = np.tile(radii.astype(np.float32), starts)
    moved = _random_starts(p, radii, centres.shape, generator)
    moved[:count] = 0
    moved = clipped(centres + moved, box) - centres
    for step in range(effort.steps):
        slopes = single.margin_gradients(centres + moved, labels, others)
        if box is not None:
            at = centres + moved
            slopes[((at <= box[0]) & (slopes > 0)) | ((at >= box[1]) & (slopes < 0))] = 0
        lengths = np.float32(FIRST_STEP * (1 - step / effort.steps)) * radii
        moved = projected(moved - lengths[:, None] * dual_vector(slopes, p), p, radii)
        if box is not None:
            moved = clipped(centres + moved, box) - centres
    return (centres + moved).reshape(starts, *X.shape)


def _random_starts(
    p: float, radii: np.ndarray, shape: tuple[int, int], generator: np.random.Generator
) -> np.ndarray:
    if math.isinf(p):
        moved = generator.uniform(-1, 1, shape)
    else:
        moved = generator.standard_normal(shape) if p == 2 else generator.laplace(size=shape)
        moved /= norm(moved, p)[:, None]
    return (radii[:, None] * moved).astype(np.float32)


def _pulled_back(
    classifier: Classifier,
    X: np.ndarray,
    labels: np.ndarray,
    ends: np.ndarray,
    p: float,
    box: Box | None,
) -> Perturbed:
    """First changes on the segments towards the ends, the nearest of all ends of a point."""
    best = Perturbed(np.full(len(X), np.inf), X.copy())
    for some in ends.astype(np.float64):
        steps = some - X
        rows = np.flatnonzero(classifier.changed(some, labels))
        found = nearest_on_paths(
            classifier,
            X[rows],
            labels[rows],
            p,
            lambda at, times, own=steps[rows], X=X[rows]: clipped(
                X[at] + times[:, None] * own[at], box
            ),
            np.tile(np.linspace(0.5, 1.0, 6), (len(rows), 1)),
        )
        improved = found.radii < best.radii[rows]
        best.radii[rows[improved]] = found.radii[improved]
        best.points[rows[improved]] = found.points[improved]
    return best
