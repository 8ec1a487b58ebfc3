"""The invariant network as a torch module: convolutions, thresholds, global pooling, label."""

import torch
from torch import nn

from memrob.interpolation.torch_network import TorchNetwork


class Undrawn:
    """Mixin of layers that draw no weights, since `load_state_dict` sets them."""

    def reset_parameters(self) -> None:  # noqa: D102
        pass


class Convolution1d(Undrawn, nn.Conv1d):
    """Convolution over one axis."""


class Convolution2d(Undrawn, nn.Conv2d):
    """Convolution over two axes."""


class Convolution3d(Undrawn, nn.Conv3d):
    """Convolution over three axes."""


CONVOLUTIONS = {1: Convolution1d, 2: Convolution2d, 3: Convolution3d}
"""By number of axes of the grid."""


class TorchInvariantNetwork(TorchNetwork):
    """A circular convolution, a 1 x 1 convolution, and global max pooling of its channels.

    Made by `memrob.convolution.to_torch`; the constructor makes one of the same sizes, with
    arbitrary weights, for `load_state_dict`.

    Parameters
    ----------
    grid_shape, strides, filter_shape : tuple of int
        Axes of the grid, one to three, strides of the group of shifts, and support of the filters.
    n_channels, first_width, second_width, n_classes : int
        Channels of a signal, filters n, channels of the second layer of all classes, classes.
    decision : {"detection", "margin"}
        As for `memrob.interpolation.Network`.
    """

    def __init__(
        self,
        grid_shape: tuple[int, ...],
        strides: tuple[int, ...],
        filter_shape: tuple[int, ...],
        n_channels: int,
        first_width: int,
        second_width: int,
        n_classes: int,
        decision: str = "detection",
    ):
        super().__init__(0, 0, second_width, n_classes, decision=decision)
        convolution = CONVOLUTIONS[len(grid_shape)]
        self.signal_shape = (n_channels, *grid_shape)
        # Numbers that circular padding repeats beyond the end of each axis, the last axis first.
        self.repeated = [n for size in reversed(filter_shape) for n in (0, size - 1)]
        self.first = convolution(n_channels, first_width, filter_shape, stride=strides)
        self.second = convolution(first_width, second_width, 1)

    def second_layer(self, X: torch.Tensor) -> torch.Tensor:
        """Largest pre-activation of each channel over the shifts: (N, second_width) tensor."""
        return self._at_shifts(X).flatten(2).amax(dim=2)

    def channels(self, X: torch.Tensor) -> torch.Tensor:
        """Where channels of the second layer fire: (N, second_width, *positions) of 0 and 1.

        Position p, a multiple of the strides, belongs to the signal shifted by -p.
        """
        return self.fires(self._at_shifts(X))

    def _at_shifts(self, X: torch.Tensor) -> torch.Tensor:
        X = X.to(self.first.weight.dtype) / self.scale
        signals = X.reshape(len(X), *self.signal_shape)
        padded = nn.functional.pad(signals, self.repeated, mode="circular")
        features = self.activation(self.first(padded))
        # Torch convolves to one channel at least.
        return self.second(features) if len(self.detected) else features[:, :0]
