"""Random ReLU networks as in [L], section 1."""

import numpy as np

from memrob.errors import UserError
from memrob.lipschitz.network import ReluNetwork

SYMMETRIC_LAWS = ("zero", "gaussian", "uniform", "laplace", "cauchy", "log_uniform")
"""Laws of the biases: 0, N(0, 1), uniform on [-1, 1], Laplace and Cauchy of scale 1, and of random
sign with log10 |b| uniform on [-3, 3], which prefers no scale."""

BIAS_LAWS = (*SYMMETRIC_LAWS, "positive", "negative")
"""All laws; the last two are |g| and -|g| with g from N(0, 1), which [L] does not admit."""

DECADES = 3.0
"""Decimal logarithm of the largest bias of the law log_uniform, and less that of the least."""


def random_network(
    input_dim: int, width: int, depth: int, bias: str = "zero", seed: int = 0
) -> ReluNetwork:
    """Draw a network with independent weights, N(0, 2/N) in hidden layers and N(0, 1) in the last.

    Parameters
    ----------
    input_dim : int
        Dimension d of the input.
    width : int
        Width N of each hidden layer.
    depth : int
        Number L of hidden layers, at least 1.
    bias : str
        Law of the biases, one of `BIAS_LAWS`.
    seed : int
        Seed of the generator.

    Returns
    -------
    ReluNetwork
        Weights are drawn layer by layer before the biases, so that networks that differ in the
        law of their biases alone have the same weights.

    Raises
    ------
    UserError
        For a law that is not one of them, or a size below 1.

    Notes
    -----
    The variance 2/N makes a gradient at a fixed point close to a standard Gaussian vector in R^d.
    """
    for name, value in (("input_dim", input_dim), ("width", width), ("depth", depth)):
        if value < 1:
            raise UserError(f"{name}: is {value}; it must be at least 1")
    if bias not in BIAS_LAWS:
        raise UserError(f"bias: is {bias!r}; it must be one of {', '.join(BIAS_LAWS)}")
    rng = np.random.default_rng(seed)
    inputs = [input_dim] + [width] * (depth - 1)
    weights = [rng.normal(0.0, np.sqrt(2 / width), size=(width, n)) for n in inputs]
    weights.append(rng.standard_normal((1, width)))
    biases = [_draw_biases(rng, bias, width) for _ in range(depth)]
    biases.append(_draw_biases(rng, bias, 1))
    return ReluNetwork(tuple(weights), tuple(biases))


def _draw_biases(rng: np.random.Generator, law: str, size: int) -> np.ndarray:
    if law == "gaussian":
        return rng.standard_normal(size)
    if law == "uniform":
        return rng.uniform(-1, 1, size)
    if law == "laplace":
        return rng.laplace(size=size)
    if law == "cauchy":
        return rng.standard_cauchy(size)
    if law == "log_uniform":
        return rng.choice([-1.0, 1.0], size) * 10.0 ** rng.uniform(-DECADES, DECADES, size)
    if law in ("positive", "negative"):
        return np.abs(rng.standard_normal(size)) * (1 if law == "positive" else -1)
    return np.zeros(size)
