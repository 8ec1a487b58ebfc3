"""Images, perturbations that change their labels, and the images thus perturbed."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from memrob.errors import UserError
from memrob.plots.samples import picture
from memrob.plots.style import FULL_WIDTH, new_figure
from memrob.studies.lipschitz.figures.exponent_axis import p_symbol
from memrob.training.projections import EXPONENTS
from memrob.training.robustness import Panel, panel
from memrob.training.samples import prepare_samples
from memrob.training.settings import Settings

COLOUR_MAP = "RdBu_r"
"""Of perturbations: red where a pixel is raised, blue where it is lowered."""


def adversarial_images(
    X: np.ndarray,
    y: np.ndarray,
    *,
    image_shape: Sequence[int],
    class_names: Sequence[str] | None = None,
    training: dict,
    n_samples: int,
    width: int,
    seed: int = 0,
    shown: int = 8,
    ps: Sequence[float] = EXPONENTS,
    title: str = "",
) -> Figure:
    """Train a network, attack the last images of the data set and draw what PGD finds.

    Parameters
    ----------
    X : (N, d) float32
        Images, not negative.
    y : (N,) int64
        Labels.
    image_shape : sequence of int
        (rows, columns) of grey images or (3, rows, columns) of colour planes.
    class_names : sequence of str, optional
        In ascending order of the labels 0, 1, ...; the labels themselves when left out.
    training : dict
        Attributes of `memrob.training.optimisation.Settings`.
    n_samples : int
        This many of the first images are trained on, centred and scaled to the norm sqrt(d).
    width : int
        Hidden units.
    seed : int
        Of the network and of the attacks.
    shown : int
        How many images are attacked.
    ps : sequence of float
        Exponents out of 1, 2, inf.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        As `draw_panels` makes it; perturbed pixels stay between 0 and the brightest, which is 1.

    Raises
    ------
    UserError
        When there are fewer images, or they are not of this shape.
    """
    if min(n_samples, shown) < 1 or n_samples + shown > len(X):
        raise UserError(
            f"figure of kind adversarial_images: {n_samples} images to train on and {shown} to "
            f"show are not among {len(X)}"
        )
    images = np.maximum(X[-shown:].astype(np.float64) / X.max(), 0)
    samples = prepare_samples(
        X[:n_samples] / X.max(), y[:n_samples], norm=X.shape[1] ** 0.5, centre=True
    )
    # torch takes seconds to import, and only this figure trains a network.
    from memrob.training.snapshots import snapshots

    settings = Settings(**training)
    network = snapshots(samples, width, seed, settings, [settings.epochs])[settings.epochs]
    panels = {p: panel(network, images, p, seed=seed, box=(0.0, 1.0)) for p in ps}
    return draw_panels(panels, image_shape=image_shape, class_names=class_names, title=title)


def draw_panels(
    panels: Mapping[float, Panel],
    *,
    image_shape: Sequence[int],
    class_names: Sequence[str] | None = None,
    title: str = "",
) -> Figure:
    """Draw images in columns; below, for each p, the perturbation and the perturbed image.

    Parameters
    ----------
    panels : mapping of float to Panel
        The same images, their perturbations and labels before and after, for each exponent p.
    image_shape : sequence of int
        (rows, columns) of grey images or (3, rows, columns) of colour planes.
    class_names : sequence of str, optional
        In ascending order of the labels 0, 1, ...; the labels themselves when left out.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Each perturbation in diverging colours up to its largest entry, with its p-norm in the
        unit of the images; labels before and after. Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When there is no image, or the images are not the same for each p or not of this shape.
    """
    shape = tuple(image_shape)
    _check(panels, shape)
    ps = sorted(panels)
    first = panels[ps[0]]
    count, rows = len(first.images), 1 + 2 * len(ps)
    side = min(0.85, (FULL_WIDTH - 0.9) / count)
    figure = new_figure(side * count + 0.9, rows * (side + 0.17) + 0.35, title)
    grid = figure.subplots(rows, count, squeeze=False)
    bright = float(first.images.max())
    for column, image in enumerate(first.images):
        _image(grid[0, column], image / bright, shape, _name(first.labels[column], class_names))
        for p, upper, lower in zip(ps, grid[1::2, column], grid[2::2, column], strict=True):
            found = panels[p]
            if np.isinf(found.radii[column]):
                _empty(upper, "none found")
                _empty(lower, "")
                continue
            _perturbation(upper, found.perturbations[column], shape, found.radii[column])
            changed = _name(found.adversarial_labels[column], class_names)
            _image(lower, found.adversarial[column] / bright, shape, changed)
    _name_rows(grid, ps)
    return figure


def _check(panels: Mapping[float, Panel], shape: tuple[int, ...]) -> None:
    every = [panel.images for panel in panels.values()]
    if not every or not len(every[0]):
        raise UserError("figure of kind adversarial_images: found no images")
    if any(not np.array_equal(images, every[0]) for images in every):
        raise UserError("figure of kind adversarial_images: found other images for another p")
    if every[0].shape[1] != np.prod(shape):
        raise UserError(
            f"figure of kind adversarial_images: points have dimension {every[0].shape[1]}, "
            f"expected the product of the image shape {shape}"
        )


def _name(label: int, class_names: Sequence[str] | None) -> str:
    return str(label) if class_names is None else class_names[int(label)]


def _image(axes: Axes, values: np.ndarray, shape: tuple[int, ...], label: str) -> None:
    style = {"cmap": "gray_r", "vmin": 0, "vmax": 1, "origin": "upper", "interpolation": "nearest"}
    axes.imshow(picture(values, shape), **style)
    _bare(axes, label)


def _perturbation(axes: Axes, change: np.ndarray, shape: tuple[int, ...], size: float) -> None:
    largest = np.abs(change).max() or 1.0
    if len(shape) == 3:
        axes.imshow(picture(0.5 + change / largest / 2, shape), origin="upper")
    else:
        style = {"cmap": COLOUR_MAP, "vmin": -largest, "vmax": largest, "origin": "upper"}
        axes.imshow(change.reshape(shape), interpolation="nearest", **style)
    _bare(axes, f"{size:.2g}")


def _bare(axes: Axes, label: str) -> None:
    axes.set(xticks=[], yticks=[])
    axes.set_title(label, fontsize=8, pad=2)


def _empty(axes: Axes, text: str) -> None:
    axes.text(0.5, 0.5, text, ha="center", va="center", fontsize=7, transform=axes.transAxes)
    axes.set(xticks=[], yticks=[], aspect="equal")
    axes.spines[:].set_visible(False)


def _name_rows(panels: np.ndarray, ps: list[float]) -> None:
    texts = ["image,\nlabel"]
    for p in ps:
        symbol = p_symbol(p)
        texts += [f"$\\delta$, $|\\delta|_{{{symbol}}}$", "perturbed,\nlabel"]
    for axes, text in zip(panels[:, 0], texts, strict=True):
        axes.set_ylabel(text, rotation=0, ha="right", va="center", fontsize=8)
