"""JSON of reports, which any reader of JSON takes."""

import json
import math
from typing import Any


def strict_json(report: dict[str, Any]) -> str:
    """A report as one JSON object.

    Parameters
    ----------
    report : dict
        Of numbers, texts, lists and dicts; other values are written as texts.

    Returns
    -------
    str
        In one line. JSON has no infinity and no NaN: they become "inf", "-inf" and null.
    """
    return json.dumps(_strict(report), allow_nan=False, default=str)


def _strict(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _strict(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value
