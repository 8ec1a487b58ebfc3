"""Predicted CPU time by what takes it, so that each part is scaled by what a machine is fast at."""

from dataclasses import astuple, dataclass

from memrob.numerics.speed import REFERENCE, kept_speed


@dataclass(frozen=True)
class Cost:
    """CPU seconds on the reference core, see `memrob.numerics.speed.REFERENCE`.

    Attributes
    ----------
    products : float
        Matrix products whose signs are made exact, in float32 or bfloat16, whichever is faster.
    float_products : float
        Matrix products in float32 or float64.
    counts : float
        Points times features, counted in packed data.
    other : float
        All else.
    """

    products: float = 0.0
    float_products: float = 0.0
    counts: float = 0.0
    other: float = 0.0

    def __add__(self, further: "Cost") -> "Cost":
        """Cost of both."""
        return Cost(*(a + b for a, b in zip(astuple(self), astuple(further), strict=True)))

    def __mul__(self, times: float) -> "Cost":
        """Cost of so many times this."""
        return Cost(*(times * part for part in astuple(self)))

    __rmul__ = __mul__

    @property
    def seconds(self) -> float:
        """CPU seconds on the reference core."""
        return sum(astuple(self))


@dataclass(frozen=True)
class Slowness:
    """How many times as long as on the reference core each part of a cost takes here."""

    products: float = 1.0
    float_products: float = 1.0
    counts: float = 1.0
    other: float = 1.0

    def seconds(self, cost: Cost) -> float:
        """CPU seconds here."""
        return sum(a * b for a, b in zip(astuple(self), astuple(cost), strict=True))


def slowness() -> Slowness:
    """How slow this machine was measured to be; as the reference core if that is not known."""
    kept = kept_speed()
    if kept is None:
        return Slowness()
    return Slowness(
        products=REFERENCE.matrix_flops / max(kept.matrix_flops, kept.short_flops),
        float_products=REFERENCE.matrix_flops / kept.matrix_flops,
        counts=REFERENCE.counts / kept.counts,
        other=REFERENCE.steps / kept.steps,
    )
