"""Configuration of a run."""

import os
from copy import deepcopy
from pathlib import Path

from memrob.errors import UserError
from memrob.studies.base import SCALES
from memrob.studies.validation import read_yaml, validate

CONSTANTS = {"true": True, "false": False, "null": None}

RUN_SCALES = (*SCALES, "archive")
"""Scales of a run: those whose trials it computes, and the archived trials of the scale paper."""

SCALE_VARIABLE = "MEMROB_SCALE"
"""Hands a scale that was asked for as a target to the processes of the jobs."""


def load_configuration(path: Path, overrides: dict, targets: list[str] = ()) -> dict:
    """Read the configuration of a run and check it.

    Parameters
    ----------
    path : path
        YAML file.
    overrides : dict
        What was given on the command line; nested mappings are merged.
    targets : list of str
        What was asked for; the targets `smoke`, `paper` and `archive` choose the scale so named.

    Returns
    -------
    dict
        A valid configuration.

    Raises
    ------
    UserError
        With the key at fault and what is allowed, or when a target and `scale` contradict.
    """
    content = _merged(read_yaml(path), overrides)
    named = [scale for scale in RUN_SCALES if scale in targets and scale != "default"]
    if named:
        given = str(overrides.get("scale", named[0]))
        if len(named) > 1 or given != named[0]:
            asked = ", ".join(dict.fromkeys([*named, given]))
            raise UserError(f"scale: {asked} were asked for; one run has one scale")
        content["scale"] = named[0]
    elif "scale" not in overrides and SCALE_VARIABLE in os.environ:
        content["scale"] = os.environ[SCALE_VARIABLE]
    validate(content, "config", f"configuration ({path} and --config)")
    return content


def _merged(base: dict, overrides: dict) -> dict:
    merged = deepcopy(base)
    for key, value in overrides.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        # Snakemake leaves true, false and null of its command line as text.
        plain = CONSTANTS.get(value, value) if isinstance(value, str) else value
        merged[key] = _merged(merged[key], value) if both else plain
    return merged
