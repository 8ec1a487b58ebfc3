"""Networks of linear operators and activations, and what they are as ReLU networks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from memrob.lipschitz.network import ReluNetwork
from memrob.lipschitz.operators.activations import IDENTITY, RELU, Activation
from memrob.lipschitz.operators.linear import Dense, LinearOperator, Selection
from memrob.lipschitz.operators.merging import merged

NUMBERS = ("matrix", "factors", "kernel")
"""Where operators keep their numbers, if they have any."""


@dataclass(frozen=True)
class OperatorNetwork:
    """f(x) = A_L s_L(... s_1(A_0 x + b_0) ...) + b_L with linear operators and activations.

    Attributes
    ----------
    operators : tuple of LinearOperator
        A_0, ..., A_L.
    biases : tuple of ndarray of float64
        b_0, ..., b_L.
    activations : tuple of Activation
        s_1, ..., s_L; the identity between operators that are not merged.
    """

    operators: tuple[LinearOperator, ...]
    biases: tuple[np.ndarray, ...]
    activations: tuple[Activation, ...]

    @property
    def input_dim(self) -> int:
        """Dimension d of the input."""
        return self.operators[0].shape[1]

    @property
    def n_outputs(self) -> int:
        """Number K of outputs."""
        return self.operators[-1].shape[0]

    @property
    def widths(self) -> tuple[int, ...]:
        """Widths of the layers with an activation."""
        pairs = zip(self.biases[:-1], self.activations, strict=True)
        return tuple(len(bias) for bias, activation in pairs if activation != IDENTITY)

    @property
    def depth(self) -> int:
        """Number L of layers with an activation."""
        return len(self.widths)

    @property
    def is_finite(self) -> bool:
        """Whether all numbers in it are."""
        held = [vars(operator).get(name) for operator in self.operators for name in NUMBERS]
        # What a convolution makes of its kernel, a sparse matrix, is no array.
        numbers = [*self.biases, *(array for array in held if isinstance(array, np.ndarray))]
        return all(bool(np.isfinite(array).all()) for array in numbers)

    @property
    def activation_names(self) -> tuple[str, ...]:
        """Names of the activations, each once, in their order."""
        return tuple(dict.fromkeys(map(str, self.activations)))

    def pre_activations(self, X: np.ndarray) -> list[np.ndarray]:
        """Values before each activation and at the output, at points X (M, d)."""
        found = []
        for operator, bias, activation in self._layers():
            found.append(operator.forward(X) + bias)
            X = activation(found[-1]) if activation else found[-1]
        return found

    def outputs(self, X: np.ndarray) -> np.ndarray:
        """All outputs at points X (M, d), shape (M, K)."""
        return self.pre_activations(X)[-1]

    def gradients(self, X: np.ndarray, combination: np.ndarray) -> np.ndarray:
        """Gradients of y^T f at points X (M, d), shape (M, d), y the combination (K,)."""
        found = self.pre_activations(X)[:-1]
        rows = np.repeat(self.operators[-1].adjoint(combination[None]), len(X), axis=0)
        layers = zip(self.operators[-2::-1], self.activations[::-1], found[::-1], strict=True)
        for operator, activation, values in layers:
            rows = operator.adjoint(rows * activation.derivatives(values))
        return rows

    def jacobian(self, point: np.ndarray) -> np.ndarray:
        """Jacobian (K, d) at a point (d,); a ReLU at exactly 0 counts as inactive."""
        found = self.pre_activations(point[None])[:-1]
        rows = self.operators[-1].adjoint(np.eye(self.n_outputs))
        layers = zip(self.operators[-2::-1], self.activations[::-1], found[::-1], strict=True)
        for operator, activation, values in layers:
            rows = operator.adjoint(rows * activation.derivatives(values))
        return rows

    @property
    def operations(self) -> int:
        """Products of a pass through the network."""
        return sum(operator.shape[0] * operator.terms[0] for operator in self.operators)

    def combined(self, rows: np.ndarray) -> "OperatorNetwork":
        """The network rows @ f for `rows` (J, K)."""
        *operators, last = self.operators
        *biases, offset = self.biases
        weights = last.adjoint(np.asarray(rows, dtype=np.float64))
        return OperatorNetwork(
            (*operators, Dense(weights)), (*biases, rows @ offset), self.activations
        )

    def _layers(self):
        return zip(self.operators, self.biases, (*self.activations, None), strict=True)

    def dense_numbers(self) -> int:
        """Numbers in the matrices of the ReLU network that this is, doubled for leaky ReLUs."""
        doubled = [1 + (activation.slope != 0) for activation in (*self.activations, RELU)]
        before = [1, *doubled[:-1]]
        sizes = [operator.shape[0] * operator.shape[1] for operator in self.operators]
        return sum(a * b * n for a, b, n in zip(doubled, before, sizes, strict=True))

    def relu_network(self) -> ReluNetwork | None:
        """The same function as a ReLU network with dense matrices; None if it is none.

        Notes
        -----
        leaky(z) = relu(z) - a relu(-z): a neuron becomes two, whose hyperplanes coincide exactly,
        since negation rounds nothing. The products of a with the next weights are exact where these
        and a have 24 bits, as float32 numbers have.
        """
        if not all(activation.is_piecewise_linear for activation in self.activations):
            return None
        weights, biases, slope, pending = [], [], 0.0, None
        for operator, bias, activation in self._layers():
            if pending is not None:
                matrix = operator.forward(pending[0].T).T
                bias = operator.forward(pending[1][None])[0] + bias
            else:
                matrix = operator.dense()
                matrix = np.hstack([matrix, -slope * matrix]) if slope else matrix
            pending = (matrix, bias) if activation == IDENTITY else None
            if pending is not None:
                continue
            slope = activation.slope if activation else 0.0
            if slope:
                matrix, bias = np.vstack([matrix, -matrix]), np.concatenate([bias, -bias])
            weights.append(np.ascontiguousarray(matrix))
            biases.append(bias)
        return ReluNetwork(tuple(weights), tuple(biases))


def of_relu_network(network: ReluNetwork) -> OperatorNetwork:
    """A ReLU network as one of operators."""
    operators = tuple(Dense(weight) for weight in network.weights)
    return OperatorNetwork(operators, network.biases, (RELU,) * network.depth)


def assembled(
    steps: Sequence[tuple[LinearOperator, np.ndarray] | Activation],
    input_dim: int,
    most_numbers: float,
) -> tuple[OperatorNetwork, bool]:
    """Network made of affine maps and activations in any order.

    Parameters
    ----------
    steps : sequence
        (operator, bias) or Activation, from the input on.
    input_dim : int
    most_numbers : float
        Most entries of a matrix that merging may make.

    Returns
    -------
    (OperatorNetwork, bool)
        Affine maps that follow one another are merged where they can be; before a first and after
        a last activation stands the identity. The flag says whether merging rounded anything.
    """
    chains: list[list[tuple[LinearOperator, np.ndarray]]] = [[]]
    activations, exact = [], True
    for step in steps:
        if isinstance(step, Activation):
            activations.append(step)
            chains.append([])
            continue
        if chains[-1]:
            operator, bias = chains[-1][-1]
            found = merged(step[0], operator, most_numbers)
            if found is not None:
                moved = step[0].forward(bias[None])[0]
                chains[-1][-1] = (found[0], moved + step[1])
                exact &= found[1] and _adds_exactly(step, bias, moved)
                continue
            exact = False
        chains[-1].append(step)
    operators, biases, between, width = [], [], [], input_dim
    for chain, activation in zip(chains, (*activations, None), strict=True):
        chain = chain or [(Selection(np.arange(width), width), np.zeros(width))]
        operators += [operator for operator, _ in chain]
        biases += [bias for _, bias in chain]
        between += [IDENTITY] * (len(chain) - 1) + ([activation] if activation else [])
        width = chain[-1][0].shape[0]
    return OperatorNetwork(tuple(operators), tuple(biases), tuple(between)), exact


def _adds_exactly(step: tuple[LinearOperator, np.ndarray], bias: np.ndarray, moved) -> bool:
    """Whether the bias of two affine maps, A b + c, is free of rounding."""
    product_is_exact = isinstance(step[0], Selection) or not bias.any()
    return product_is_exact and not (moved.any() and step[1].any())
