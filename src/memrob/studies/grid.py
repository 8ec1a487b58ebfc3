"""Grids of experiments: values of an axis, and which of them a scale takes."""

import numpy as np

from memrob.errors import UserError

TOLERANCE = 1e-9


def axis_values(source: str, key: str, spec: list | dict, kind: type = int) -> list:
    """Values of an axis from its description in a configuration.

    Parameters
    ----------
    source, key : str
        File and key that an error names.
    spec : list or dict
        Values, or start, stop (not reached) and step as in numpy.arange.
    kind : {int, float, str}
        Python type of the values.

    Raises
    ------
    UserError
        If there is no value.
    """
    values = spec
    if isinstance(spec, dict):
        values = np.arange(spec["start"], spec["stop"], spec["step"]).tolist()
    if not values:
        raise UserError(f"{source}: {key}: holds no value; stop must be above start")
    return [kind(value) for value in values]


def chosen_indices(source: str, key: str, values: list, selected: list | None) -> list[int]:
    """Indices into an axis of the values that a scale takes, all of them if it names none.

    Parameters
    ----------
    source, key : str
        File and key that an error names.
    values : list
        Values of the axis, all numbers or all texts.
    selected : list or None
        Values that are taken; numbers may differ by rounding.

    Raises
    ------
    UserError
        If the axis does not have a value, or it is taken twice.
    """
    if selected is None:
        return list(range(len(values)))
    axis = f"grid.{key.split('.')[-1]}"
    indices = []
    for value in selected:
        matches = [i for i, known in enumerate(values) if _same(known, value)]
        if not matches:
            raise UserError(f"{source}: {key}: {value} is not a value of {axis}")
        indices.append(matches[0])
    if len(set(indices)) < len(indices):
        raise UserError(f"{source}: {key}: selects a value of the grid twice")
    return indices


def _same(known: float | str, value: float | str) -> bool:
    if isinstance(known, str):
        return known == value
    return known == value or abs(known - value) <= TOLERANCE
