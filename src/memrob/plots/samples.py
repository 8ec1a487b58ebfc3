"""One sample image a class."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from memrob.errors import UserError
from memrob.plots.style import FULL_WIDTH, new_figure


def samples(
    X: np.ndarray,
    y: np.ndarray,
    *,
    image_shape: Sequence[int],
    class_names: Sequence[str] | None = None,
    title: str = "",
) -> Figure:
    """Draw the first image of each class.

    Parameters
    ----------
    X : ndarray of float32, shape (N, d)
        Images as rows, non-negative, all divided by one constant; the largest pixel is shown
        at full brightness.
    y : ndarray of int, shape (N,)
        Labels.
    image_shape : sequence of int
        (rows, columns) of grey images or (3, rows, columns) of colour planes.
    class_names : sequence of str, optional
        In ascending order of the labels; the labels themselves when left out.
    title : str
        Title of the figure.

    Returns
    -------
    matplotlib.figure.Figure
        Up to five images in a row. Call inside `memrob.plots.style.styled`.

    Raises
    ------
    UserError
        When the rows of X do not have the size of an image.
    """
    image_shape = tuple(image_shape)
    if X.shape[1] != np.prod(image_shape):
        raise UserError(
            f"kind samples: points have dimension {X.shape[1]}, expected the product of the "
            f"image shape {image_shape}"
        )
    labels, first = np.unique(y, return_index=True)
    names = class_names if class_names is not None else [str(label) for label in labels]
    columns = min(5, len(labels))
    rows = -(-len(labels) // columns)
    figure = new_figure(FULL_WIDTH * 0.8, rows * 1.2 + 0.3, title)
    panels = figure.subplots(rows, columns, squeeze=False)
    brightest = X.max()
    for panel in panels.flat:
        panel.set_axis_off()
    for panel, index, name in zip(panels.flat, first, names, strict=False):
        panel.imshow(
            picture(X[index] / brightest, image_shape),
            cmap="gray_r",
            vmin=0,
            vmax=1,
            origin="upper",
            interpolation="nearest",
        )
        panel.set_title(str(name), fontsize=8, pad=3)
    return figure


def picture(values: np.ndarray, image_shape: tuple[int, ...]) -> np.ndarray:
    """Return an image as matplotlib takes it: grey (rows, columns) or colour (rows, columns, 3).

    Parameters
    ----------
    values : ndarray of float, shape (d,)
        Pixels in [0, 1].
    image_shape : tuple of int
        (rows, columns) or (3, rows, columns).
    """
    image = np.clip(values, 0, 1).reshape(image_shape)
    return np.moveaxis(image, 0, -1) if len(image_shape) == 3 else image
