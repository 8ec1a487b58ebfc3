"""Worst-case memorization capacity: the network sizes with which any labels can be fitted.

Every result is for one network that fits arbitrary labels of N points in R^d. What it assumes of
the points is said beside it. Where a source leaves constants or logarithms open, the number
returned is the expression inside its O(.), to be compared in shape and not in value. Only
published results that name a number of neurons or parameters are listed.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from memrob.errors import UserError

GENERAL_POSITION = "general position: no d + 1 of the points on one hyperplane"
DISTINCT = "distinct points"
UNIT_SPHERE = "unit sphere, any two points at least delta apart"
UNIT_BALL = "unit ball, any two points at least delta apart"


@dataclass(frozen=True)
class Problem:
    """Points to memorize, as worst-case results see them.

    Attributes
    ----------
    n_samples, input_dim : int
        N and d.
    delta : float
        Least distance between any two distinct points, of the same class too, after scaling into
        the unit ball (`memrob.complexity.separation.point_separation`); at most 2.
    classes : int
        Number of labels, at least 2.
    """

    n_samples: int
    input_dim: int
    delta: float
    classes: int = 2

    def __post_init__(self):
        for name, least in {"n_samples": 1, "input_dim": 1, "classes": 2}.items():
            if getattr(self, name) < least:
                raise UserError(f"{name}: is {getattr(self, name)}; it must be at least {least}")
        if not 0 < self.delta <= 2:
            raise UserError(f"delta: is {self.delta}; points of the unit ball have it in (0, 2]")

    @property
    def dichotomies(self) -> int:
        """Binary labels that tell the classes apart: the digits of their numbers in base 2."""
        return math.ceil(math.log2(self.classes))


@dataclass(frozen=True)
class Bound:
    """A published upper bound of the size that memorizes any labels.

    Attributes
    ----------
    name : str
        Author and year, unique.
    citation : str
    year : int
    activation : str
    hidden_layers : str
        Their number, or of which order it is.
    assumption : str
        On the points.
    neurons : callable
        Problem -> number of hidden neurons.
    parameters : callable
        Problem -> number of weights and biases.
    exact_constant : bool
        Whether the source gives the numbers of neurons with their constants. The parameters are
        then those of the fully connected network of these widths, unless the note says otherwise.
    note : str
        What is left open, and what of it is our own.
    """

    name: str
    citation: str
    year: int
    activation: str
    hidden_layers: str
    assumption: str
    neurons: Callable[[Problem], float]
    parameters: Callable[[Problem], float]
    exact_constant: bool
    note: str


def dense_parameters(*widths: int) -> int:
    """Weights and biases of a fully connected network, its input and output among the widths."""
    return sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(widths))


def _baum_width(p: Problem) -> int:
    return math.ceil(p.n_samples / p.input_dim)


def _huang_widths(p: Problem) -> tuple[int, int]:
    m = 1
    root = math.sqrt(p.n_samples / (m + 2))
    return math.ceil((m + 2) * root + 2 * root), math.ceil(m * root)


def _yun_width(p: Problem) -> int:
    # Least multiple of 4 with 4 floor(w / 4)^2 >= N.
    return 4 * (math.isqrt(math.ceil(p.n_samples / 4) - 1) + 1)


def _exponential(p: Problem) -> float:
    exponent = p.delta**-2
    return math.exp(exponent) if exponent < 700 else math.inf


def _vardi_depth(p: Problem) -> float:
    n = max(p.n_samples, 2)
    spread = math.log(10 * n**2 / p.delta * math.sqrt(math.pi * p.input_dim))
    per_bit = max(spread, math.log(p.classes))
    return math.sqrt(n * math.log(n)) + math.sqrt(n / math.log(n)) * per_bit


def _park_size(p: Problem) -> float:
    return p.n_samples ** (2 / 3) + math.log(2 / p.delta)


BOUNDS: tuple[Bound, ...] = (
    Bound(
        name="Baum 1988",
        citation="E. B. Baum, On the capabilities of multilayer perceptrons, "
        "Journal of Complexity 4(3), 193-215",
        year=1988,
        activation="threshold",
        hidden_layers="1",
        assumption=GENERAL_POSITION,
        neurons=lambda p: p.dichotomies * _baum_width(p),
        parameters=lambda p: p.dichotomies * dense_parameters(p.input_dim, _baum_width(p), 1),
        exact_constant=True,
        note="ceil(N/d) for two classes; for more, our own: one such network a binary digit of "
        "the label",
    ),
    Bound(
        name="Huang 1990",
        citation="S.-C. Huang, Y.-F. Huang, Bounds on number of hidden neurons of multilayer "
        "perceptrons in classification and recognition, IEEE International Symposium on Circuits "
        "and Systems 1990, 2500-2503",
        year=1990,
        activation="threshold",
        hidden_layers="1",
        assumption=DISTINCT,
        neurons=lambda p: p.n_samples,
        parameters=lambda p: p.n_samples * p.input_dim,
        exact_constant=False,
        note="N neurons and N d parameters, up to constants, in the form that [M], section 1.3 "
        "gives it; two classes",
    ),
    Bound(
        name="Huang 2003",
        citation="G.-B. Huang, Learning capability and storage capacity of two-hidden-layer "
        "feedforward networks, IEEE Transactions on Neural Networks 14(2), 274-281",
        year=2003,
        activation="sigmoid",
        hidden_layers="2",
        assumption=DISTINCT,
        neurons=lambda p: sum(_huang_widths(p)),
        parameters=lambda p: dense_parameters(p.input_dim, *_huang_widths(p), 1),
        exact_constant=True,
        note="2 ((m+2) N)^{1/2} with m = 1 real output, up to any error > 0: ((m+2) N)^{1/2} + "
        "2 (N/(m+2))^{1/2} and m (N/(m+2))^{1/2} in the layers, rounded up; the construction "
        "leaves connections out, all are counted here",
    ),
    Bound(
        name="Zhang 2017",
        citation="C. Zhang, S. Bengio, M. Hardt, B. Recht, O. Vinyals, Understanding deep learning "
        "requires rethinking generalization, ICLR 2017, Theorem 1",
        year=2017,
        activation="ReLU",
        hidden_layers="1",
        assumption=DISTINCT,
        neurons=lambda p: p.n_samples,
        parameters=lambda p: 2 * p.n_samples + p.input_dim,
        exact_constant=True,
        note="2N + d weights, as all neurons share one direction; one real output",
    ),
    Bound(
        name="Yun 2019",
        citation="C. Yun, S. Sra, A. Jadbabaie, Small ReLU networks are powerful memorizers: a "
        "tight analysis of memorization capacity, NeurIPS 2019, Theorem 3.1",
        year=2019,
        activation="ReLU",
        hidden_layers="2",
        assumption=DISTINCT,
        neurons=lambda p: 2 * _yun_width(p),
        parameters=lambda p: dense_parameters(p.input_dim, _yun_width(p), _yun_width(p), 1),
        exact_constant=True,
        note="widths w1, w2 with 4 floor(w1/4) floor(w2/(4 m)) >= N, m = 1 real output; equal "
        "widths are our choice, about 2 N^{1/2} each",
    ),
    Bound(
        name="Bubeck 2020",
        citation="S. Bubeck, R. Eldan, Y. T. Lee, D. Mikulincer, Network size and size of the "
        "weights in memorization with two-layers neural networks, NeurIPS 2020",
        year=2020,
        activation="ReLU",
        hidden_layers="1",
        assumption=GENERAL_POSITION,
        neurons=lambda p: 4 * _baum_width(p),
        parameters=lambda p: dense_parameters(p.input_dim, 4 * _baum_width(p), 1),
        exact_constant=True,
        note="four times Baum's ceil(N/d), for real labels",
    ),
    Bound(
        name="Vershynin 2020",
        citation="R. Vershynin, Memory capacity of neural networks with threshold and ReLU "
        "activations, SIAM Journal on Mathematics of Data Science 2(4), 1004-1033",
        year=2020,
        activation="threshold or ReLU",
        hidden_layers="several",
        assumption=UNIT_SPHERE,
        neurons=lambda p: _exponential(p) + math.sqrt(p.n_samples),
        parameters=lambda p: _exponential(p) * (p.input_dim + math.sqrt(p.n_samples)) + p.n_samples,
        exact_constant=False,
        note="up to constants and logarithms, in the form e^{1/delta^2} + N^{1/2} that Rajput et "
        "al. 2021 give it; inf where e^{1/delta^2} exceeds float64; two classes",
    ),
    Bound(
        name="Rajput 2021",
        citation="S. Rajput, K. Sreenivasan, D. Papailiopoulos, A. Karbasi, An exponential "
        "improvement on the memorization capacity of deep threshold networks, NeurIPS 2021, "
        "Theorem 1",
        year=2021,
        activation="threshold",
        hidden_layers="several",
        assumption=UNIT_BALL,
        neurons=lambda p: 1 / p.delta + math.sqrt(p.n_samples),
        parameters=lambda p: p.input_dim / p.delta + p.n_samples,
        exact_constant=False,
        note="up to constants and logarithms; two classes",
    ),
    Bound(
        name="Park 2021",
        citation="S. Park, J. Lee, C. Yun, J. Shin, Provable memorization via deep neural networks "
        "using sub-linear parameters, COLT 2021, PMLR 134, 3627-3661",
        year=2021,
        activation="ReLU, among others",
        hidden_layers="order N^{2/3} + log(1/delta), of bounded width",
        assumption=UNIT_BALL,
        neurons=_park_size,
        parameters=lambda p: p.input_dim + _park_size(p),
        exact_constant=False,
        note="up to constants; separation enters by the logarithm of the ratio of the largest to "
        "the least distance, 2/delta here; the first layer's d weights are added",
    ),
    Bound(
        name="Vardi 2022",
        citation="G. Vardi, G. Yehudai, O. Shamir, On the optimal memorization power of ReLU "
        "neural networks, ICLR 2022, Theorem 3.1",
        year=2022,
        activation="ReLU",
        hidden_layers="order (N log N)^{1/2}, of width 12",
        assumption=UNIT_BALL,
        neurons=_vardi_depth,
        parameters=lambda p: p.input_dim + _vardi_depth(p),
        exact_constant=False,
        note="up to constants: (N log N)^{1/2} + (N / log N)^{1/2} max(log R, log C) layers with "
        "R = 10 N^2 r (pi d)^{1/2} / delta, r = 1; the first layer's d weights are added",
    ),
)
"""Published results in order of their years."""


def capacity_table(problem: Problem) -> pd.DataFrame:
    """What every result asks for on the same points.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    DataFrame
        One row per result of `BOUNDS`: name, year, activation, hidden_layers, assumption, neurons,
        parameters, exact_constant, note, citation. Numbers are float64.
    """
    columns = ("name", "year", "activation", "hidden_layers", "assumption")
    last = ("exact_constant", "note", "citation")
    rows = []
    for bound in BOUNDS:
        row = {column: getattr(bound, column) for column in columns}
        row["neurons"] = float(bound.neurons(problem))
        row["parameters"] = float(bound.parameters(problem))
        rows.append(row | {column: getattr(bound, column) for column in last})
    return pd.DataFrame(rows)
