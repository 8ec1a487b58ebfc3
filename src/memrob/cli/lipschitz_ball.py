"""The box or ball about a point that `memrob lipschitz --at` is about."""

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np

from memrob.errors import UserError
from memrob.numerics.archives import read_npz

EXPECTED = "a point as numbers, or a file .npy, .npz with x, or text"


def ball_of(options: argparse.Namespace, input_dim: int) -> dict[str, Any]:
    """Centre, radius and norm as options of `memrob.lipschitz.bracket.bracket`; empty without.

    Raises
    ------
    UserError
        In one line that names the option, for a point or a radius that do not fit the network.
    """
    given = [name for name in ("at", "radius") if getattr(options, name) is not None]
    if not given:
        if options.norm is not None:
            raise UserError("--norm: is of the ball; give --at and --radius")
        return {}
    if len(given) == 1:
        missing = "--radius" if given == ["at"] else "--at"
        raise UserError(f"--{given[0]}: needs {missing} beside it")
    if options.within is not None:
        raise UserError("--within: leave it out with --at")
    at = _point(options.at)
    if at.shape != (input_dim,):
        raise UserError(f"--at: holds {at.size} numbers; the network takes {input_dim}")
    if not np.isfinite(at).all():
        raise UserError("--at: its numbers must be finite")
    radius = np.array(options.radius, dtype=float)
    if len(radius) not in (1, input_dim):
        raise UserError(f"--radius: holds {len(radius)} numbers; must hold 1 or {input_dim}")
    if not (np.isfinite(radius).all() and (radius > 0).all()):
        raise UserError("--radius: must be finite and above 0")
    if options.norm == "2" and len(radius) > 1:
        raise UserError("--radius: must be one number with --norm 2")
    size = float(radius[0]) if len(radius) == 1 else radius
    return {"at": at, "radius": size, "ball_norm": 2.0 if options.norm == "2" else math.inf}


def _point(given: list[str]) -> np.ndarray:
    try:
        return np.array([float(part) for text in given for part in text.split(",") if part])
    except ValueError as error:
        path = Path(given[0])
        if len(given) > 1 or not path.is_file():
            raise UserError(f"--at: is {' '.join(given)!r}; it must be {EXPECTED}") from error
    return _from_file(path).ravel()


def _from_file(path: Path) -> np.ndarray:
    if path.suffix == ".npz":
        (found,) = read_npz(path, lambda keys: [_key(path, keys)], "an NPZ file with x").values()
    else:
        try:
            read = np.load if path.suffix == ".npy" else _text
            found = read(path)
        except (ValueError, OSError, EOFError) as error:
            raise UserError(f"--at: {path} cannot be read; it must be {EXPECTED}") from error
    if not isinstance(found, np.ndarray):
        raise UserError(f"--at: {path} holds several arrays; name it .npz, with one of them")
    if found.dtype.kind not in "biuf":
        raise UserError(f"--at: {path} must hold real numbers, found dtype {found.dtype}")
    return found.astype(np.float64)


def _key(path: Path, keys: list[str]) -> str:
    """The array x, or the only one."""
    if "x" in keys:
        return "x"
    if len(keys) != 1:
        found = f"{', '.join(keys)} and no x" if keys else "no array"
        raise UserError(f"--at: {path} holds {found}; it must be {EXPECTED}, or with one array")
    return keys[0]


def _text(path: Path) -> np.ndarray:
    return np.array([float(part) for part in path.read_text().replace(",", " ").split()])
