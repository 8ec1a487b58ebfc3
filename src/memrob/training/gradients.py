"""Outputs, losses and gradients of a stack of networks, by matrix products alone.

Written by hand, since automatic differentiation takes the gradients of all intermediate tensors
anew, and cannot add a product onto the velocity of a momentum method in one go.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from memrob.training.stack import Stack

BLOCK_NUMBERS = 2**22
"""Approximate number of hidden activations of the points that are evaluated at a time."""


def accumulate_gradients(
    stack: Stack, points: Tensor, labels: Tensor, loss: str, into: Stack, keep: float
) -> None:
    """Replace `into` by keep * into + the gradient of each network's own loss.

    Parameters
    ----------
    stack : Stack
        M networks.
    points : Tensor of float32 (B, d + 1)
        Points with a last coordinate 1, the same for all networks.
    labels : Tensor of int64 (M, B)
        Classes of the points, for each network its own.
    loss : str
        One of `LOSSES`.
    into : Stack
        Overwritten; of the shape of `stack`.
    keep : float
        0 for the gradient, the momentum for a velocity.
    """
    hidden, outputs = _forward(stack, points)
    if loss == "cross_entropy":
        outputs = torch.softmax(outputs, dim=1)
    outputs.scatter_add_(1, labels[:, None, :], outputs.new_tensor(-1.0).expand_as(labels)[:, None])
    errors = outputs.mul_((1 if loss == "cross_entropy" else 2) / len(points))
    active = hidden > 0
    backward = torch.empty_like(hidden)
    for group in stack.groups:
        shape = (group.size, group.width, -1)
        error = errors[group.models]
        torch.bmm(
            stack.second[group.units].view(shape), error, out=backward[group.units].view(shape)
        )
        into.second[group.units].view(shape).baddbmm_(
            hidden[group.units].view(shape), error.mT, beta=keep
        )
    backward.mul_(active)
    into.first.addmm_(backward, points, beta=keep)
    into.offsets.mul_(keep).add_(errors.sum(2))


def evaluate(stack: Stack, points: Tensor, labels: Tensor, loss: str) -> tuple[Tensor, Tensor]:
    """Error and loss of each network.

    Parameters
    ----------
    stack : Stack
        M networks.
    points : Tensor of float32 (N, d + 1)
        Points with a last coordinate 1.
    labels : Tensor of int64 (M, N)
        Classes of the points, for each network its own.
    loss : str
        One of `LOSSES`.

    Returns
    -------
    errors : Tensor of int64 (M,)
        Number of points whose largest output is not that of their class.
    losses : Tensor of float64 (M,)
        Mean loss.
    """
    wrong = torch.zeros(stack.n_models, dtype=torch.int64, device=points.device)
    # Sums of float32 losses are kept on the card too, where float64 costs little here.
    total = torch.zeros(stack.n_models, dtype=torch.float64, device=points.device)
    for part, outputs in _blocks(stack, points):
        classes = labels[:, None, part]
        wrong += (outputs.argmax(dim=1) != labels[:, part]).sum(1)
        if loss == "cross_entropy":
            values = -torch.log_softmax(outputs, dim=1).gather(1, classes)
        else:
            targets = torch.zeros_like(outputs).scatter_(1, classes, 1.0)
            values = (outputs - targets).square_()
        total += values.sum((1, 2), dtype=torch.float64)
    return wrong, total / len(points)


def outputs_of(stack: Stack, points: Tensor) -> Tensor:
    """Outputs of all networks at points (N, d + 1): float32 (M, K, N)."""
    return torch.cat([outputs for _, outputs in _blocks(stack, points)], dim=2)


def _blocks(stack: Stack, points: Tensor) -> Iterator[tuple[slice, Tensor]]:
    rows = max(64, BLOCK_NUMBERS // len(stack.first))
    for start in range(0, len(points), rows):
        part = slice(start, start + rows)
        yield part, _forward(stack, points[part])[1]


def _forward(stack: Stack, points: Tensor) -> tuple[Tensor, Tensor]:
    """Hidden activations (U, B) and outputs (M, K, B)."""
    hidden = torch.mm(stack.first, points.T).relu_()
    outputs = stack.offsets[:, :, None].expand(-1, -1, len(points)).contiguous()
    for group in stack.groups:
        shape = (group.size, group.width, -1)
        outputs[group.models].baddbmm_(
            stack.second[group.units].view(shape).mT, hidden[group.units].view(shape)
        )
    return hidden, outputs
