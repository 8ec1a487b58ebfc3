"""Stochastic gradient descent with momentum, and Adam, for a stack of networks."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.optim.adam import adam

from memrob.errors import UserError
from memrob.training.gradients import LOSSES, accumulate_gradients
from memrob.training.stack import Stack

OPTIMISERS = ("sgd", "adam")
BETAS, EPSILON = (0.9, 0.999), 1e-8
"""Of Adam, as in its paper (Kingma and Ba, ICLR 2015)."""


@dataclass(frozen=True)
class Settings:
    """How networks are trained.

    Attributes
    ----------
    loss : {"squared", "cross_entropy"}
        Mean over a minibatch of |outputs - one-hot target|^2, or of -log softmax at the class.
    optimiser : {"sgd", "adam"}
        Velocity v <- momentum v + gradient, weights <- weights - step v; or Adam, in which
        `momentum` has no part.
    step_size : float
        Step of the first epoch.
    momentum : float
        From 0 to below 1.
    decay : float
        Factor of the step size after every `decay_every` epochs.
    decay_every : int
        Epochs; 0 for never.
    epochs : int
        Passes through the training points.
    batch_size : int
        Points of a minibatch; the last one of an epoch may be smaller.
    stop_when_fitted : bool
        Whether a network is finished as soon as it classifies all training points.
    check_every : int
        Epochs between looks at which networks do.
    """

    loss: str = "squared"
    optimiser: str = "sgd"
    step_size: float = 0.01
    momentum: float = 0.95
    decay: float = 1.0
    decay_every: int = 0
    epochs: int = 1000
    batch_size: int = 100
    stop_when_fitted: bool = False
    check_every: int = 10

    def __post_init__(self):
        """Refuse settings that nothing can be trained with."""
        for name, value, allowed in (
            ("loss", self.loss, LOSSES),
            ("optimiser", self.optimiser, OPTIMISERS),
        ):
            if value not in allowed:
                raise UserError(f"{name}: is {value!r}; it must be one of {', '.join(allowed)}")
        for name in ("epochs", "batch_size", "check_every"):
            if getattr(self, name) < 1:
                raise UserError(f"{name}: is {getattr(self, name)}; it must be at least 1")
        if not self.step_size > 0:
            raise UserError(f"step_size: is {self.step_size}; it must be above 0")
        if not 0 <= self.momentum < 1:
            raise UserError(f"momentum: is {self.momentum}; it must be from 0 to below 1")

    def step_size_at(self, epoch: int) -> float:
        """Step size in an epoch, counted from 0."""
        return self.step_size * self.decay ** (epoch // self.decay_every if self.decay_every else 0)


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
