"""Titles of figures: what is shown, where the configuration does not say it."""

from html import unescape

TITLES = {
    "scatter": "The data",
    "samples": "The data",
    "boundary": "Decision boundary",
    "boundary_grid": "Decision boundaries on a grid",
    "probability": "Probability of interpolation",
    "width": "Second width",
}
AXES = {
    "first_width": "first width",
    "max_bias": "maximal bias",
    "n_samples": "number of points",
}


def figure_title(name: str, spec: dict) -> str:
    """Title of a figure: the one of its entry, or what its name says.

    Parameters
    ----------
    name : str
        Name of the figure, such as ``width_by_max_bias``.
    spec : dict
        Its entry in the configuration of its experiment.
    """
    if spec.get("title"):
        return unescape(spec["title"])
    quantity, by, axis = name.partition("_by_")
    title = TITLES.get(quantity, quantity.replace("_", " ").capitalize())
    return f"{title} against {AXES.get(axis, axis.replace('_', ' '))}" if by else title
