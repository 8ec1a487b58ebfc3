"""Stochastic gradient descent with momentum, and Adam, for a stack of networks."""

import torch
from torch import Tensor
from torch.optim.adam import adam

from memrob.training.gradients import accumulate_gradients
from memrob.training.settings import Settings
from memrob.training.stack import Stack

BETAS, EPSILON = (0.9, 0.999), 1e-8
"""Of Adam, as in its paper (Kingma and Ba, ICLR 2015)."""


class Sgd:
    """Gradient descent with momentum; `moments` holds the velocity."""

    n_moments = 1

    def __init__(self, settings: Settings, moments: list[Stack], steps: int = 0):
        self.settings, self.moments, self.steps = settings, moments, steps

    def step(self, stack: Stack, points: Tensor, labels: Tensor, step_size: float) -> None:
        """Move all networks, given a minibatch as for `accumulate_gradients`."""
        (velocity,) = self.moments
        settings = self.settings
        accumulate_gradients(stack, points, labels, settings.loss, velocity, settings.momentum)
        for weights, change in zip(stack.tensors, velocity.tensors, strict=True):
            weights.add_(change, alpha=-step_size)
        self.steps += 1


class Adam:
    """Adam; `moments` holds the gradient's running mean and that of its square."""

    n_moments = 2

    def __init__(self, settings: Settings, moments: list[Stack], steps: int = 0):
        self.settings, self.moments, self.steps = settings, moments, steps
        self.gradient = moments[0].map(torch.zeros_like)

    def step(self, stack: Stack, points: Tensor, labels: Tensor, step_size: float) -> None:
        """Move all networks, given a minibatch as for `accumulate_gradients`."""
        accumulate_gradients(stack, points, labels, self.settings.loss, self.gradient, 0.0)
        device = stack.first.device
        counts = [torch.tensor(float(self.steps), device=device) for _ in stack.tensors]
        adam(
            list(stack.tensors),
            list(self.gradient.tensors),
            list(self.moments[0].tensors),
            list(self.moments[1].tensors),
            [],
            counts,
            fused=True,
            amsgrad=False,
            beta1=BETAS[0],
            beta2=BETAS[1],
            lr=step_size,
            weight_decay=0.0,
            eps=EPSILON,
            maximize=False,
        )
        self.steps += 1


def new_optimiser(settings: Settings, stack: Stack) -> Sgd | Adam:
    """Optimiser of a stack, at rest."""
    kind = kind_of(settings)
    return kind(settings, [stack.map(torch.zeros_like) for _ in range(kind.n_moments)])


def kind_of(settings: Settings) -> type[Sgd] | type[Adam]:
    """Class of the optimiser that the settings name."""
    return Sgd if settings.optimiser == "sgd" else Adam
