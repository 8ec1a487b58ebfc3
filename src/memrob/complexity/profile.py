"""What the theorem of [M] reads off labelled points: the whole profile of a data set."""

import time
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from memrob.complexity.covering import (
    DEFAULT_CONSTANT,
    MutualCovering,
    cover_classes,
    require_positive,
)
from memrob.complexity.distances import Points
from memrob.complexity.mean_width import Estimate
from memrob.complexity.omega import omega
from memrob.complexity.separation import (
    NearestByClass,
    Separation,
    least_distance,
    nearest_by_class,
)
from memrob.complexity.theorem import Sizes, first_width_shape, network_sizes
from memrob.data import largest_norm, require_disjoint_classes
from memrob.errors import UserError


@dataclass(frozen=True)
class ClassComplexity:
    """Complexity of one class against the rest.

    Attributes
    ----------
    label : int
        Of the class that plays X-, or X+ where the roles are exchanged.
    n_minus, n_plus : int
        Numbers of points.
    M_minus, M_plus : int
        Numbers of pieces of the mutual covering.
    separation : float
        Least distance between a point of X- and one of X+.
    centre_separation : float
        delta of the theorem: the same between centres, at least `separation`.
    omega_minus, omega_plus : Estimate
        As `memrob.complexity.omega.omega` estimates them.
    max_bias, eta : float
        lambda, and the probability of failure.
    seconds : float
        That the covering and omega took.
    covering : MutualCovering
        With rows counted within the class and within the rest.
    n_shifts : int
        At how many places each point may lie; see `first_width_shape`.
    """

    label: int
    n_minus: int
    n_plus: int
    M_minus: int
    M_plus: int
    separation: float
    centre_separation: float
    omega_minus: Estimate
    omega_plus: Estimate
    max_bias: float
    eta: float
    seconds: float
    covering: MutualCovering = field(repr=False)
    n_shifts: int = 1

    @property
    def omega(self) -> Estimate:
        """The larger of omega- and omega+."""
        return max(self.omega_minus, self.omega_plus)

    @property
    def first_width(self) -> float:
        """Shape of the sufficient first width, up to a constant; see `first_width_shape`."""
        return first_width_shape(
            self.M_minus,
            self.M_plus,
            self.centre_separation,
            self.omega.value,
            self.max_bias,
            self.eta,
            self.n_shifts,
        )


@dataclass(frozen=True)
class Complexity:
    """Instance-specific complexity of labelled points.

    Attributes
    ----------
    n_samples, input_dim : int
    radius : float
        R: largest norm of a point. The theorem asks for a maximal bias of at least order R.
    separation : Separation
        delta over all classes, and a pair of points that attains it.
    max_bias, constant, eta : float
        lambda, the factor of the radii, and the probability of failure of each class.
    classes : tuple of ClassComplexity
        With two classes only the one of the larger label, which is X-; else one for each class.
    swapped : tuple of ClassComplexity
        The same with the roles exchanged, the rest being X- and the class X+; empty if that was
        not asked for.
    seconds : float
        That everything took.
    """

    n_samples: int
    input_dim: int
    radius: float
    separation: Separation
    max_bias: float
    constant: float
    eta: float
    classes: tuple[ClassComplexity, ...]
    seconds: float
    swapped: tuple[ClassComplexity, ...] = ()

    def sizes(self, found: ClassComplexity) -> Sizes:
        """Neurons and parameters of a network for one class, see `network_sizes`."""
        return network_sizes(
            found.M_minus,
            found.M_plus,
            found.centre_separation,
            found.omega.value,
            self.radius,
            self.input_dim,
        )

    @property
    def worst(self) -> ClassComplexity:
        """The class that asks for the largest first width."""
        return max(self.classes, key=lambda found: found.first_width)

    @property
    def first_width(self) -> float:
        """Shape of the sufficient first width: that of the worst class, up to a constant."""
        return self.worst.first_width

    @property
    def second_width(self) -> int:
        """Upper bound of the second width of the theorem: M-, summed over the classes."""
        return sum(found.M_minus for found in self.classes)

    def table(self) -> pd.DataFrame:
        """One row per class."""
        names = ("label", "n_minus", "n_plus", "M_minus", "M_plus", "separation")
        names += ("centre_separation", "first_width", "seconds")
        rows = []
        for found in self.classes:
            row = {name: getattr(found, name) for name in names}
            row |= {"omega": found.omega.value, "omega_error": found.omega.standard_error}
            rows.append(row)
        return pd.DataFrame(rows)


@dataclass(frozen=True)
class Parameters:
    """What a complexity depends on beside the points.

    Attributes
    ----------
    max_bias : float
        lambda, positive.
    constant : float
        Factor of the radii; see `memrob.complexity.covering.admissible_radius`.
    eta : float
        Probability of failure, in (0, 1).
    draws : int
        Gaussian vectors for the mean widths, at least 2.
    seed : int
        Of the Gaussian vectors; those of a class depend on its label alone.
    n_shifts : int
        At how many places each point may lie; see `first_width_shape`.

    Raises
    ------
    UserError
        If one is out of its range.
    """

    max_bias: float
    constant: float = DEFAULT_CONSTANT
    eta: float = 0.01
    draws: int = 1000
    seed: int = 0
    n_shifts: int = 1

    def __post_init__(self) -> None:
        require_positive("max_bias", self.max_bias)
        require_positive("constant", self.constant)
        if not 0 < self.eta < 1:
            raise UserError(f"eta: is {self.eta}; it must lie between 0 and 1")
        if self.draws < 2:
            raise UserError(f"draws: is {self.draws}; it must be at least 2")


def complexity(
    X: np.ndarray,
    y: np.ndarray,
    max_bias: float,
    *,
    constant: float = DEFAULT_CONSTANT,
    eta: float = 0.01,
    draws: int = 1000,
    seed: int = 0,
    both_roles: bool = False,
) -> Complexity:
    """Instance-specific complexity of labelled points.

    Parameters
    ----------
    X : ndarray of shape (N, d), dtype float32 or float64
    y : ndarray of shape (N,), integer
        Labels, of at least two classes. With two, the larger is X-; with more, each class in turn
        is X- and the others together are X+.
    max_bias : float
        lambda, positive.
    constant : float
        Factor of the radii; see `memrob.complexity.covering.admissible_radius`.
    eta : float
        Probability of failure, in (0, 1).
    draws : int
        Gaussian vectors for the mean widths, at least 2.
    seed : int
        Of the Gaussian vectors; those of a class depend on its label alone.
    both_roles : bool
        Also exchange the roles of each class and the rest, as [M], Theorem 4 is not symmetric.

    Returns
    -------
    Complexity

    Raises
    ------
    UserError
        If an argument is out of its range, a class is missing or a point lies in two classes.
    """
    check_points(X)
    parameters = Parameters(max_bias, constant, eta, draws, seed)
    return complexity_of(Points(X), y, parameters, both_roles=both_roles)


def complexity_of(
    points: Points,
    y: np.ndarray,
    parameters: Parameters,
    *,
    name: str = "X",
    both_roles: bool = False,
) -> Complexity:
    """`complexity` of points that bring their own distances.

    `points` has the methods of `Points` and `X`, where points at distance 0 have equal rows.
    `name` is what `X` is called in messages.
    """
    began = time.perf_counter()
    nearest = nearest_by_class(points, y)
    require_disjoint_classes(points.X, y, name)
    n_classes = len(nearest.labels)
    played = [1] if n_classes == 2 else range(n_classes)
    found, swapped = (
        tuple(
            _of_class(points, y, nearest, position, parameters, swap=swap)
            for position in played
            if both_roles or not swap
        )
        for swap in (False, True)
    )
    return Complexity(
        n_samples=len(points),
        input_dim=points.X.shape[1],
        radius=float(largest_norm(points.X)),
        separation=least_distance(nearest),
        max_bias=parameters.max_bias,
        constant=parameters.constant,
        eta=parameters.eta,
        classes=found,
        swapped=swapped,
        seconds=time.perf_counter() - began,
    )


def _of_class(
    points: Points,
    y: np.ndarray,
    nearest: NearestByClass,
    position: int,
    parameters: Parameters,
    *,
    swap: bool,
) -> ClassComplexity:
    began = time.perf_counter()
    label = int(nearest.labels[position])
    minus, plus = np.flatnonzero(y == label), np.flatnonzero(y != label)
    others = np.delete(np.arange(len(nearest.labels)), position)
    known = nearest.between(minus, others), nearest.between(plus, np.array([position]))
    if swap:
        minus, plus, known = plus, minus, known[::-1]
    covering = cover_classes(points, (minus, plus), known, parameters.max_bias, parameters.constant)
    rng = np.random.default_rng((parameters.seed, position))
    aligned = (
        points.aligned(members[pieces.centres[pieces.assignment]], members)
        for members, pieces in ((minus, covering.minus), (plus, covering.plus))
    )
    widths = omega(covering, *aligned, rng, parameters.draws)
    return ClassComplexity(
        label=label,
        n_minus=len(minus),
        n_plus=len(plus),
        M_minus=len(covering.minus),
        M_plus=len(covering.plus),
        separation=float(known[0][0].min()),
        centre_separation=covering.separation,
        omega_minus=widths[0],
        omega_plus=widths[1],
        max_bias=parameters.max_bias,
        eta=parameters.eta,
        seconds=time.perf_counter() - began,
        covering=covering,
        n_shifts=parameters.n_shifts,
    )


def check_points(X: np.ndarray) -> None:
    """Refuse points that have no complexity.

    Raises
    ------
    UserError
        If they are no matrix of finite numbers.
    """
    if X.ndim != 2 or X.size == 0:
        raise UserError(f"X: has shape {X.shape}; one point per row, (N, d), is right")
    if not np.isfinite(X).all():
        raise UserError("X: holds values that are not finite numbers")
