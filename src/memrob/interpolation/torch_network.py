"""The constructed network as a torch module: linear, activation, linear, threshold, label."""

import torch
from torch import nn


class Threshold(nn.Module):
    """sigma(t) = 1 if t > 0, else 0, as a number of the input's type; its gradient is 0."""

    def forward(self, t: torch.Tensor) -> torch.Tensor:  # noqa: D102
        return (t > 0).to(t.dtype)


class Linear(nn.Linear):
    """Linear layer that draws no weights, since `load_state_dict` sets them."""

    def reset_parameters(self) -> None:  # noqa: D102
        pass


class TorchNetwork(nn.Module):
    """Two layers of random hyperplanes and detectors, and the rule of prediction.

    Made by `memrob.interpolation.to_torch`; the constructor makes one of the same sizes, with
    arbitrary weights, for `load_state_dict`.

    Parameters
    ----------
    input_dim, first_width, second_width, n_classes : int
        Sizes d, n, neurons of all classes, classes.
    activation : {"threshold", "relu"}
        Of the first layer. A neuron of the second layer fires if its pre-activation is positive,
        whether its activation is threshold or ReLU.
    decision : {"detection", "margin"}
        As for `memrob.interpolation.Network`.
    """

    def __init__(
        self,
        input_dim: int,
        first_width: int,
        second_width: int,
        n_classes: int,
        activation: str = "threshold",
        decision: str = "detection",
    ):
        super().__init__()
        self.register_buffer("scale", torch.ones(()))
        self.first = Linear(input_dim, first_width)
        self.activation = nn.ReLU() if activation == "relu" else Threshold()
        self.second = Linear(first_width, second_width)
        self.fires = Threshold()
        self.by_margin = decision == "margin" and n_classes > 2
        self.register_buffer("detected", torch.zeros(second_width, dtype=torch.int64))
        self.register_buffer("labels", torch.arange(n_classes))
        self.register_buffer("default", torch.tensor(0 if n_classes == 2 else n_classes - 1))

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        """Labels of points, by detection or by the largest margin.

        Parameters
        ----------
        X : (N, input_dim) tensor
            Points, cast to the type of the weights.

        Returns
        -------
        (N,) int64 tensor
        """
        if self.by_margin:
            return self.labels[self.margins(X).argmax(dim=1)]
        detections = self.detections(X)
        order = torch.arange(len(self.labels), device=detections.device)
        highest = (detections * order).amax(dim=1)
        return self.labels[torch.where(detections.any(dim=1), highest, self.default)]

    def detections(self, X: torch.Tensor) -> torch.Tensor:
        """Whether some neuron of each class fires at each point: (N, n_classes) bool tensor.

        With two classes one has no neurons, the first unless roles were exchanged.
        """
        fired = self.neurons(X)
        of_class = nn.functional.one_hot(self.detected, len(self.labels)).to(fired.dtype)
        return fired @ of_class > 0

    def margins(self, X: torch.Tensor) -> torch.Tensor:
        """Largest pre-activation over the neurons of each class: (N, n_classes) tensor.

        Minus infinity for a class without neurons.
        """
        values = self.second_layer(X)
        none = values.new_full((len(values), 1), -torch.inf)
        of_classes = (values[:, self.detected == k] for k in range(len(self.labels)))
        return torch.stack([torch.cat([none, each], dim=1).amax(dim=1) for each in of_classes], 1)

    def neurons(self, X: torch.Tensor) -> torch.Tensor:
        """Which neurons of the second layer fire at each point: (N, second_width) of 0 and 1."""
        return self.fires(self.second_layer(X))

    def second_layer(self, X: torch.Tensor) -> torch.Tensor:
        """Pre-activations of the second layer: (N, second_width) tensor."""
        X = X.to(self.first.weight.dtype) / self.scale
        return self.second(self.activation(self._preactivations(X)))

    def _preactivations(self, X: torch.Tensor) -> torch.Tensor:
        if X.shape[1] != 2:
            return self.first(X)
        # The second product is added without being rounded, as by the kernel for the plane.
        weights = self.first.weight
        rounded = (X[:, :1] * weights[:, 0]).double()
        sums = rounded + X[:, 1:].double() * weights[:, 1].double()
        return sums.to(X.dtype) + self.first.bias
