"""A trial: one case of a statement of [M]."""

from dataclasses import dataclass

AXES: dict[str, dict[str, type]] = {
    "roles": {"n_samples": int, "max_bias": float, "first_width": int},
    "regions": {"max_bias": float, "first_width": int},
    "alternating": {"input_dim": int, "max_bias": float, "first_width": int, "n_minus": int},
    "structure": {"structure": str, "input_dim": int, "n_samples": int},
    "angles": {"pairs": str},
}
"""Axes of the grid of each statement, slowest first, and the type of their values."""

OF_DATASET = ("roles", "regions", "angles")
"""Statements about a data set of the catalogue; the others make their own points."""


@dataclass(frozen=True)
class Trial:
    """Parameters of a trial.

    Attributes
    ----------
    statement : str
        A key of `AXES`.
    dataset : str or None
        Name of the data set, if the statement is about one.
    values : tuple of (str, number or str)
        Value of each axis of the statement.
    restart : int
        Number of the trial within its cell.
    seed : int
        Seed of the trial.
    """

    statement: str
    dataset: str | None
    values: tuple[tuple[str, int | float | str], ...]
    restart: int
    seed: int

    @property
    def at(self) -> dict[str, int | float | str]:
        """Values by axis."""
        return dict(self.values)

    @property
    def columns(self) -> dict[str, int | float | str]:
        """What its rows begin with."""
        named = {} if self.dataset is None else {"dataset": self.dataset}
        return {**named, **self.at, "restart": self.restart, "seed": self.seed}
