"""Certified radii and attacks for the same images, before and after training."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from memrob.errors import UserError
from memrob.lipschitz.norms import checked_p
from memrob.training.attacks import Box, Effort, fgsm, pgd
from memrob.training.certificates import global_radii, local_radii
from memrob.training.classifier import Classifier
from memrob.training.margin_bounds import OPERATIONS, margin_bounds
from memrob.training.projections import EXPONENTS

REFERENCES = ("label", "prediction")
"""Classes whose change is looked for: the image's label, or the network's class of it."""


def robustness(
    stages: Mapping[str, Sequence[np.ndarray]],
    X: np.ndarray,
    y: np.ndarray,
    ps: Sequence[float] = EXPONENTS,
    *,
    seed: int = 0,
    effort: Effort = Effort(),  # noqa: B008
    box: Box | None = None,
    operations: float = OPERATIONS,
    reference: str = "label",
) -> pd.DataFrame:
    """How far images can be moved for certain, and how far they must be, to change their class.

    Parameters
    ----------
    stages : mapping of str to sequence of ndarray
        Parameters W_0, b_0, W_1, b_1, ... of a network by the name of the stage.
    X : ndarray of shape (M, d)
        Images.
    y : ndarray of int, shape (M,)
        Labels in 0, ..., K - 1.
    ps : sequence of float
        Exponents out of 1, 2, inf.
    seed : int
        Of the random starts of PGD.
    effort : Effort
        Of PGD.
    box : (float, float), optional
        Least and greatest value of a pixel of an attacked image.
    operations : float
        Of the Lipschitz constants (`margin_bounds`).
    reference : {"label", "prediction"}
        With "label" all radii of a misclassified image are 0. With "prediction" they say when the
        network's own class changes, which tells something of untrained networks.

    Returns
    -------
    DataFrame
        A row for each stage, image and p with columns stage, image (row of X), label, p, correct
        (0 or 1), margin (score of the reference class minus the largest other), certified_radius
        (`global_radii`), local_radius (`local_radii`; the former for more than one hidden layer),
        fgsm_radius, pgd_radius (inf where none was found). certified_radius <= local_radius <=
        pgd_radius <= fgsm_radius.

    Raises
    ------
    UserError
        For an unknown p or reference, labels that are no classes of the network, or pixels outside
        the box.
    """
    ps = [checked_p(p) for p in ps]
    X, y = _checked(X, y, ps, box, reference)
    tables = []
    for stage, parameters in stages.items():
        classifier = Classifier.from_parameters(parameters)
        if y.max(initial=0) >= classifier.n_outputs or X.shape[1] != classifier.input_dim:
            raise UserError(f"stages: the network of {stage!r} does not fit the images and labels")
        labels = y if reference == "label" else classifier.predict(X)
        bounds = margin_bounds(classifier, ps, points=X, operations=operations)
        margins = classifier.margins(X, labels).min(axis=1)
        for p in ps:
            radii = certified_radii(classifier, X, labels, p, bounds[p])
            generator = np.random.default_rng([seed, EXPONENTS.index(p)])
            attacked = pgd(
                classifier,
                X,
                labels,
                p,
                generator=generator,
                effort=effort,
                box=box,
                certified=radii["local_radius"],
            )
            columns = {
                "stage": stage,
                "image": np.arange(len(X)),
                "label": y,
                "p": p,
                "correct": (classifier.predict(X) == y).astype(int),
                "margin": margins,
                **radii,
                "fgsm_radius": fgsm(classifier, X, labels, p, box).radii,
                "pgd_radius": attacked.radii,
            }
            tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def certified_radii(
    classifier: Classifier, X: np.ndarray, labels: np.ndarray, p: float, bounds: np.ndarray
) -> dict[str, np.ndarray]:
    """Columns certified_radius and local_radius of `robustness`."""
    whole = global_radii(classifier, X, labels, bounds)
    if classifier.depth != 1:
        return {"certified_radius": whole, "local_radius": whole}
    local = local_radii(classifier, X, labels, p, bounds)
    return {"certified_radius": whole, "local_radius": local}


class Panel(NamedTuple):
    """Images beside their nearest adversarial examples.

    Attributes
    ----------
    images, perturbations, adversarial : ndarray of float64, shape (M, d)
        The third is the sum of the others; perturbations are 0 where none was found.
    labels, adversarial_labels : ndarray of int, shape (M,)
        Classes before and after; the same where no perturbation was found.
    radii : ndarray of float64, shape (M,)
        Norms in l^p of the perturbations; inf where none was found.
    """

    images: np.ndarray
    perturbations: np.ndarray
    adversarial: np.ndarray
    labels: np.ndarray
    adversarial_labels: np.ndarray
    radii: np.ndarray


def panel(
    parameters: Sequence[np.ndarray],
    X: np.ndarray,
    p: float,
    *,
    seed: int = 0,
    effort: Effort = Effort(),  # noqa: B008
    box: Box | None = None,
) -> Panel:
    """Attack images by PGD from the classes that a network sees in them; see `robustness`."""
    p = checked_p(p)
    X, _ = _checked(X, np.zeros(len(X), dtype=int), [p], box, "prediction")
    classifier = Classifier.from_parameters(parameters)
    labels = classifier.predict(X)
    generator = np.random.default_rng([seed, EXPONENTS.index(p)])
    found = pgd(classifier, X, labels, p, generator=generator, effort=effort, box=box)
    return Panel(
        X, found.points - X, found.points, labels, classifier.predict(found.points), found.radii
    )


def _checked(
    X: np.ndarray, y: np.ndarray, ps: list[float], box: Box | None, reference: str
) -> tuple[np.ndarray, np.ndarray]:
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y)
    if not set(ps) <= set(EXPONENTS):
        raise UserError("p: attacks are for 1, 2 and inf")
    if reference not in REFERENCES:
        raise UserError(f"reference: is {reference!r}; it must be one of {', '.join(REFERENCES)}")
    if not np.issubdtype(y.dtype, np.integer) or y.shape != X.shape[:1] or y.min(initial=0) < 0:
        raise UserError("y: must have an integer of at least 0 for each image")
    if box is not None and not (box[0] <= X.min(initial=box[0]) <= X.max(initial=box[1]) <= box[1]):
        raise UserError(f"box: pixels range from {X.min():.4g} to {X.max():.4g}, beyond {box}")
    return X, y
