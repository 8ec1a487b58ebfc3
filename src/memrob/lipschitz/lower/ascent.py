"""Ascent on the norm of the gradient of an annealed network, for many starts at once.

Our own method. The gradient of a ReLU network is constant on each activation region, so that its
norm has no slope to follow. With the sigmoid of beta z in place of the indicator of z > 0 it has
one; beta grows from a value at which every neuron is half active to one at which nearly all are
active or not. The slope of <u, gradient> in x, for the dual vector u of the gradient, is a
Hessian-vector product: one pass forwards for the point, one backwards for the gradient, one
forwards for the tangent u, one backwards for the slope. All are matrix products.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from memrob.lipschitz.batch import NetworkBatch
from memrob.lipschitz.norms import dual_vector


@dataclass(frozen=True)
class Schedule:
    """How an ascent cools down; both quantities change geometrically from first to last.

    Attributes
    ----------
    sharpness : tuple of float
        Beta, in units of the reciprocal root mean square of a layer's pre-activations.
    lengths : tuple of float
        Lengths of the steps on the unit sphere.
    held : float
        Share of the steps during which the dual vector stays that of the start.
    """

    sharpness: tuple[float, float] = (0.5, 60.0)
    lengths: tuple[float, float] = (0.5, 0.02)
    held: float = 0.0


@dataclass(frozen=True)
class Starts:
    """Starts of ascents for one p.

    Attributes
    ----------
    points : array, shape (B, M, d) or (B, M, d + 1)
        Points of each network; with biases, the last coordinate is the height t > 0 by which
        biases are multiplied, and (x, t) stands for the point x/t.
    directions : array, shape (B, M, d)
        Dual vectors, held for the first share of the steps.
    p : float
        Exponent in [1, inf].
    schedule : Schedule
        Sharpness and lengths of the steps.
    """

    points: Any
    directions: Any
    p: float
    schedule: Schedule = Schedule()


LOWEST_HEIGHT = 1e-3
"""Smallest height of an ascent: points farther out have the pattern of the point at infinity."""


def ascend(batch: NetworkBatch, groups: Sequence[Starts], steps: int) -> Any:
    """Move starts uphill on the annealed |gradient|_{p'}, those of all groups side by side.

    Parameters
    ----------
    batch : NetworkBatch
        B networks.
    groups : sequence of Starts
        At least one.
    steps : int
        Number of steps.

    Returns
    -------
    array, shape (B, sum of M, d) or (B, sum of M, d + 1)
        Where the starts end, on the unit sphere, those of groups that hold longer later.
    """
    # Those that turn from the first step on stand first: what turns is always the first part.
    groups = sorted(groups, key=lambda group: group.schedule.held)
    xp = array_namespace(groups[0].points)
    points = _on_sphere(xp, xp.concat([group.points for group in groups], axis=1))
    tangents = xp.concat([group.directions for group in groups], axis=1) @ batch.weights[0].mT
    for step in range(steps):
        share = step / max(steps - 1, 1)
        beta, length = (
            _cooled(xp, groups, name, share, points) for name in ("sharpness", "lengths")
        )
        masks, slopes = _forward(xp, batch, points, beta)
        adjoints = _adjoints(batch, masks)
        _turn(xp, batch, groups, tangents, masks, adjoints, share)
        uphill = _slope(xp, batch, masks, slopes, adjoints, tangents)
        points = points + length * _on_sphere(xp, uphill)
        if batch.biases is not None:
            points[..., -1] = xp.clip(points[..., -1], LOWEST_HEIGHT, None)
        points = _on_sphere(xp, points)
    return points


def _cooled(xp: Any, groups: Sequence[Starts], name: str, share: float, like: Any) -> Any:
    """What a schedule says at a share of the steps, one value per start, shape (M, 1)."""
    values = []
    for group in groups:
        first, last = getattr(group.schedule, name)
        values += [[first * (last / first) ** share]] * group.points.shape[1]
    return xp.asarray(values, dtype=like.dtype, device=like.device)


def _turn(
    xp: Any,
    batch: NetworkBatch,
    groups: Sequence[Starts],
    tangents: Any,
    masks: list,
    adjoints: list,
    share: float,
) -> None:
    """Turn the tangents of the groups that do not hold theirs to the current dual vectors."""
    turning = [group for group in groups if share >= group.schedule.held]
    count = sum(group.points.shape[1] for group in turning)
    if not count:
        return
    adjoint = adjoints[0] if batch.depth == 1 else adjoints[0][:, :count]
    found = (adjoint * masks[0][:, :count]) @ batch.weights[0]
    first = 0
    for group in turning:
        part = slice(first, first + group.points.shape[1])
        found[:, part] = dual_vector(found[:, part], group.p)
        first = part.stop
    tangents[:, :count] = found @ batch.weights[0].mT


def _on_sphere(xp: Any, rows: Any) -> Any:
    size = xp.linalg.vector_norm(rows, axis=-1, keepdims=True)
    return rows / xp.where(size > 0, size, xp.ones_like(size))


def slope_of_half_active(batch: NetworkBatch, directions: Any) -> Any:
    """Slope at which all neurons are half active, the start that is aligned with `directions`.

    For a shallow network it is sum_j v_j <w_j, u> (w_j, b_j), the point that makes neurons that
    raise <u, gradient> active and the others not. For deeper ones it is that sum over all layers.

    Parameters
    ----------
    batch : NetworkBatch
        B networks.
    directions : array, shape (B, M, d)
        Dual vectors u.

    Returns
    -------
    array, shape (B, M, d) or (B, M, d + 1)
        With biases, the last coordinate is the height.
    """
    xp = array_namespace(directions)
    half = [
        xp.zeros_like(directions[..., :1] * weight[:, None, :, 0]) + 0.5
        for weight in batch.weights[:-1]
    ]
    return _slope(xp, batch, half, half, _adjoints(batch, half), directions @ batch.weights[0].mT)


def _forward(xp: Any, batch: NetworkBatch, points: Any, beta: Any) -> tuple[list, list]:
    """Masks sigmoid(beta z) of each layer, and what the slope takes of their derivatives."""
    d = batch.input_dim
    hidden, masks, slopes = points[..., :d], [], []
    for layer, weight in enumerate(batch.weights[:-1]):
        hidden = hidden @ weight.mT
        if batch.biases is not None:
            hidden += points[..., d:] * batch.biases[layer]
        scale = xp.linalg.vector_norm(hidden, axis=-1, keepdims=True) / hidden.shape[-1] ** 0.5
        half = (beta / 2) / xp.where(scale > 0, scale, xp.ones_like(scale))
        bent = xp.tanh(hidden * half)
        masks.append((bent + 1) / 2)
        slopes.append((1 - bent * bent) * half)
        if layer < batch.depth - 1:
            hidden = hidden * masks[-1]
    return masks, slopes


def _adjoints(batch: NetworkBatch, masks: list) -> list:
    """Derivatives of the output in the masked values of each layer, through the masks."""
    adjoints = [batch.weights[-1]]
    for layer in range(batch.depth - 1, 0, -1):
        adjoints.append((adjoints[-1] * masks[layer]) @ batch.weights[layer])
    return adjoints[::-1]


def _slope(xp: Any, batch: NetworkBatch, masks: list, slopes: list, adjoints: list, tangents: Any):
    """Hessian of the annealed network times the directions that `tangents` come from."""
    moved = [tangents]
    for layer in range(1, batch.depth):
        moved.append((moved[-1] * masks[layer - 1]) @ batch.weights[layer].mT)
    pulled, height = None, None
    for layer in range(batch.depth - 1, -1, -1):
        own = adjoints[layer] * moved[layer] * slopes[layer]
        if pulled is not None:
            own = own + (pulled @ batch.weights[layer + 1]) * masks[layer]
        pulled = own
        if batch.biases is not None:
            part = xp.sum(pulled * batch.biases[layer], axis=-1, keepdims=True)
            height = part if height is None else height + part
    uphill = pulled @ batch.weights[0]
    return uphill if height is None else xp.concat([uphill, height], axis=-1)
