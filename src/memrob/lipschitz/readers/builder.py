"""A chain of layers put together one by one, whatever kind of file they come from."""

import math
from collections.abc import Sequence

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.operators.activations import Activation
from memrob.lipschitz.operators.convolution import Convolution, Geometry
from memrob.lipschitz.operators.linear import Dense, Diagonal, LinearOperator, Selection

LARGEST = 2**31
"""Most coordinates of a layer: what more would take cannot be a network."""


class LayerChain:
    """Affine maps and activations in the order in which they are applied.

    Parameters
    ----------
    shape : sequence of int
        Shape of the input, with 1 for a batch; its size is the dimension d.
    source : str
        Named in messages: a file.

    Attributes
    ----------
    steps : list
        (operator, bias) or Activation, on flat vectors.
    shape : tuple of int
        Shape that the flat vector has after the last step.
    rounded : bool
        Whether a number is a quotient or product rounded to float64.

    Raises
    ------
    UserError
        From every method, in one line, where a layer does not fit the shape.
    """

    def __init__(self, shape: Sequence[int], source: str):
        self.steps: list = []
        self.shape, self.source, self.rounded = tuple(map(int, shape)), source, False
        if min(self.shape, default=1) < 1 or self.size > LARGEST:
            self.fail(f"the input has shape {self.shape}; it must hold 1 to {LARGEST:,} numbers")
        self.input_dim = self.size

    @property
    def size(self) -> int:
        """Number of coordinates after the last step."""
        return math.prod(self.shape)

    def fail(self, reason: str) -> None:
        """Raise a UserError that names the source."""
        raise UserError(f"{self.source}: {reason}")

    def affine(self, operator: LinearOperator, bias: np.ndarray | None, shape, name: str) -> None:
        """Append an affine map with a result of the given shape."""
        bias = np.zeros(operator.shape[0]) if bias is None else self.finite(bias, name).ravel()
        self.steps.append((operator, bias))
        self.shape = tuple(map(int, shape))

    def activate(self, activation: Activation) -> None:
        """Append an activation."""
        self.steps.append(activation)

    def linear(self, weight: np.ndarray, bias: np.ndarray | None, name: str) -> None:
        """W x + b for the last axis, all others of length 1."""
        weight = self.finite(weight, name)
        if weight.ndim != 2 or 0 in weight.shape:
            self.fail(
                f"{name} has a matrix of shape {weight.shape}; it must be (N, d) with N, d >= 1"
            )
        if weight.shape[1] != self.size or not self.shape or self.shape[-1] != self.size:
            self.fail(
                f"{name} takes {weight.shape[1]} numbers, found shape {self.shape}"
                + ("; export it with a batch of 1" if weight.shape[1] in self.shape else "")
            )
        if bias is not None and np.size(bias) not in (1, len(weight)):
            self.fail(f"{name} has {np.size(bias)} biases for {len(weight)} rows")
        if bias is not None:
            bias = np.broadcast_to(np.ravel(bias), len(weight))
        self.affine(Dense(weight), bias, (*self.shape[:-1], len(weight)), name)

    def scale(self, factors: np.ndarray, name: str) -> None:
        """Multiply by factors that broadcast to the shape."""
        factors = self._broadcast(factors, name)
        self.affine(Diagonal(factors.ravel()), None, factors.shape, name)

    def shift(self, offsets: np.ndarray, name: str) -> None:
        """Add offsets that broadcast to the shape."""
        offsets = self._broadcast(offsets, name)
        self.affine(self._identity(), offsets, offsets.shape, name)

    def reshape(self, shape: Sequence[int], name: str) -> None:
        """Give the vector another shape of the same size; one length may be -1."""
        shape = list(map(int, shape))
        if shape.count(-1) == 1:
            rest = math.prod(n for n in shape if n != -1)
            shape[shape.index(-1)] = self.size // rest if rest > 0 else 0
        if math.prod(shape) != self.size or min(shape, default=1) < 1:
            self.fail(
                f"{name} gives shape {tuple(shape)} to {self.shape}; export it with a batch of 1"
            )
        self.shape = tuple(shape)

    def permute(self, axes: Sequence[int], name: str) -> None:
        """Permute the axes."""
        if sorted(axes) != list(range(len(self.shape))):
            self.fail(f"{name} permutes axes {tuple(axes)} of shape {self.shape}")
        order = np.arange(self.size).reshape(self.shape).transpose(axes)
        self.affine(Selection(order.ravel(), self.size), None, order.shape, name)

    def convolve(
        self,
        kernel: np.ndarray,
        bias: np.ndarray | None,
        name: str,
        *,
        strides: Sequence[int],
        pads: Sequence[int] | str,
        dilations: Sequence[int],
        groups: int = 1,
    ) -> None:
        """Convolve an image (1, C, H, W), or a signal (1, C, W), with zero padding.

        `pads` are (top, left, bottom, right) as in ONNX, "SAME_UPPER" or "SAME_LOWER".
        """
        kernel = self.finite(kernel, name)
        axes = len(self.shape) - 2
        if axes not in (1, 2) or kernel.ndim != axes + 2 or self.shape[0] != 1:
            self.fail(
                f"{name} must take an image of shape (1, C, H, W) or a signal (1, C, W), "
                f"found shape {self.shape} and a kernel of shape {kernel.shape}"
            )
        strides, dilations = tuple(map(int, strides)), tuple(map(int, dilations))
        self.require_lengths(name, axes, strides, pads, dilations)
        if groups < 1 or min(*strides, *dilations, *kernel.shape) < 1:
            self.fail(f"{name} has a stride, dilation, group or kernel size below 1")
        if kernel.shape[1] * groups != self.shape[1] or len(kernel) % groups:
            self.fail(
                f"{name} has a kernel of shape {kernel.shape} and {groups} groups, unfit for "
                f"{self.shape[1]} channels"
            )
        if isinstance(pads, str):
            pads = same_pads(self.shape[2:], kernel.shape[2:], strides, dilations, pads)
        pads = tuple(map(int, pads))
        if min(pads) < 0:
            self.fail(f"{name} has negative padding {pads}")
        if axes == 1:
            kernel = kernel[:, :, None]
            strides, dilations, pads = (1, *strides), (1, *dilations), (0, pads[0], 0, pads[1])
        geometry = Geometry((1, *self.shape[2:])[-2:], strides, dilations, pads)
        out = geometry.output_size(kernel.shape[2:])
        if min(out) < 1 or len(kernel) * out[0] * out[1] > LARGEST:
            self.fail(f"{name} makes an image of {out[0]} x {out[1]} out of shape {self.shape}")
        operator = Convolution(kernel, geometry, groups)
        if bias is not None:
            if np.size(bias) != len(kernel):
                self.fail(f"{name} has {np.size(bias)} biases for {len(kernel)} channels")
            bias = np.repeat(np.ravel(bias), out[0] * out[1])
        self.affine(operator, bias, (1, len(kernel), *out[-axes:]), name)

    def require_lengths(self, name: str, axes: int, strides, pads, *others) -> None:
        """Refuse strides, padding, kernel sizes or dilations for another number of axes."""
        sizes = [len(strides), *map(len, others)]
        if any(n != axes for n in sizes) or not (isinstance(pads, str) or len(pads) == 2 * axes):
            self.fail(
                f"{name} must have a stride, dilation and kernel size for each of {axes} axes, and "
                f"two paddings, found strides {list(strides)} and padding {pads}"
            )

    def average(
        self,
        kernel: Sequence[int],
        name: str,
        *,
        strides: Sequence[int],
        pads: Sequence[int] | str,
        counts_padding: bool = True,
    ) -> None:
        """Average over windows; without `counts_padding`, over what lies inside the image."""
        channels, kernel = self.shape[1] if len(self.shape) > 1 else 0, tuple(map(int, kernel))
        if isinstance(pads, str):
            self.require_lengths(name, len(self.shape) - 2, strides, pads, kernel)
            pads = same_pads(self.shape[2:], kernel, strides, (1,) * len(kernel), pads)
        taps, size = math.prod(kernel), self.shape[2:]
        padded = any(pads) and not counts_padding
        height = 1.0 if padded else 1 / max(taps, 1)
        ones = np.full((channels, 1, *kernel), height)
        self.rounded |= bool(taps & (taps - 1)) or padded
        dilations = (1,) * len(kernel)
        self.convolve(
            ones, None, name, strides=strides, pads=pads, dilations=dilations, groups=channels
        )
        if padded:
            inside = LayerChain((1, 1, *size), self.source)
            inside.convolve(
                ones[:1], None, name, strides=strides, pads=pads, dilations=dilations, groups=1
            )
            counts = inside.steps[0][0].forward(np.ones((1, math.prod(size))))
            self.scale(1 / counts.reshape(inside.shape), name)

    def average_all(self, name: str) -> None:
        """Average over all places of each channel, kept as axes of length 1."""
        size = self.shape[2:]
        self.average(size, name, strides=(1,) * len(size), pads=(0,) * 2 * len(size))

    def pad(self, pads: Sequence[int], name: str) -> None:
        """Surround an image with zeros; `pads` as in `convolve`."""
        if not any(pads):
            return
        channels, axes = self.shape[1] if len(self.shape) > 1 else 0, len(self.shape) - 2
        ones = np.ones((channels, 1, *(1,) * axes))
        same = (1,) * axes
        self.convolve(ones, None, name, strides=same, pads=pads, dilations=same, groups=channels)

    def normalise(self, mean, variance, weight, bias, epsilon: float, name: str) -> None:
        """Batch normalisation with fixed statistics along axis 1."""
        channels = self.shape[1] if len(self.shape) > 1 else 0
        arrays = [mean, variance, np.ones(channels) if weight is None else weight]
        arrays.append(np.zeros(channels) if bias is None else bias)
        mean, variance, weight, bias = (self.finite(array, name).ravel() for array in arrays)
        if not len(mean) == len(variance) == len(weight) == len(bias) == channels:
            sizes = ", ".join(str(len(each)) for each in (mean, variance, weight, bias))
            self.fail(
                f"{name} has a mean, variance, weight and bias of {sizes} numbers, found shape "
                f"{self.shape}"
            )
        if (variance + epsilon <= 0).any():
            self.fail(f"{name} has a variance that is not positive")
        factors = weight / np.sqrt(variance + epsilon)
        self.rounded = True
        shape = (1, channels, *(1,) * (len(self.shape) - 2))
        self.scale(factors.reshape(shape), name)
        self.shift((bias - mean * factors).reshape(shape), name)

    def _identity(self) -> Selection:
        return Selection(np.arange(self.size), self.size)

    def _broadcast(self, values: np.ndarray, name: str) -> np.ndarray:
        values = self.finite(values, name)
        try:
            shape = np.broadcast_shapes(values.shape, self.shape)
        except ValueError:
            self.fail(f"{name} combines shape {self.shape} with a constant of shape {values.shape}")
        if math.prod(shape) != self.size:
            self.fail(f"{name} spreads shape {self.shape} to {shape}; export it with a batch of 1")
        return np.broadcast_to(values, shape)

    def finite(self, values: np.ndarray, name: str) -> np.ndarray:
        """Numbers in float64, which must be finite and hold them without rounding."""
        given = np.asarray(values)
        if given.dtype.kind not in "biuf":
            self.fail(f"{name} must hold real numbers, found dtype {given.dtype}")
        with np.errstate(over="ignore"):
            values = np.ascontiguousarray(given, dtype=np.float64)
        if given.dtype.itemsize > 8 or given.dtype in (np.int64, np.uint64):
            # NumPy compares 64-bit integers in float64; Python compares them exactly.
            same = (values == given) & (np.abs(values) < 2.0**53)
            for place in np.argwhere(~same & np.isfinite(values)):
                if values[tuple(place)].item() != given[tuple(place)].item():
                    where = ", ".join(map(str, place))
                    self.fail(
                        f"{name} must hold numbers of float64, {name}[{where}] is "
                        f"{given[tuple(place)]}; its network would be a rounded one"
                    )
        bad = np.argwhere(~np.isfinite(values))
        if len(bad):
            where = ", ".join(map(str, bad[0]))
            self.fail(f"{name} must be finite, {name}[{where}] is {values[tuple(bad[0])]}")
        return values


def same_pads(size, kernel, strides, dilations, kind: str) -> tuple[int, ...]:
    """Padding that leaves ceil(size / stride) outputs, the odd zero last for SAME_UPPER."""
    before, after = [], []
    for n, k, s, d in zip(size, kernel, strides, dilations, strict=True):
        total = max(0, (-(-n // s) - 1) * s + d * (k - 1) + 1 - n)
        small, large = total // 2, total - total // 2
        before.append(small if kind == "SAME_UPPER" else large)
        after.append(large if kind == "SAME_UPPER" else small)
    return (*before, *after)
