"""How networks are trained: loss, optimiser, steps and when to stop."""

from dataclasses import dataclass

from memrob.errors import UserError

LOSSES = ("squared", "cross_entropy")
"""Mean over the points of |outputs - one-hot target|^2, or of -log softmax at the class."""

OPTIMISERS = ("sgd", "adam")


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


def n_parameters(width: int, input_dim: int, n_classes: int) -> int:
    """Number of weights and biases of a d-H-K network."""
    return width * (input_dim + 1 + n_classes) + n_classes
