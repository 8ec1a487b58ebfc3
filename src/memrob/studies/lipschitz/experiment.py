"""Experiments with Lipschitz constants: a grid of random networks, each with a seed of its own."""

import itertools
from dataclasses import dataclass
from typing import ClassVar

from memrob.errors import UserError
from memrob.numerics.cost import Cost
from memrob.studies.base import Experiment, derived_seed
from memrob.studies.grid import axis_values, chosen_indices
from memrob.studies.lipschitz.cost import predicted_cost
from memrob.studies.lipschitz.trial import Trial, as_exponents

AXES = ("input_dim", "width", "depth", "bias")


@dataclass(frozen=True)
class LipschitzExperiment(Experiment):
    """An experiment of the part on Lipschitz constants; see `Experiment` for its attributes."""

    part: ClassVar[str] = "lipschitz"
    trials_rule: ClassVar[str] = "lipschitz_sampling"

    @property
    def rank(self) -> tuple:
        """Sorts experiments by their place on the page."""
        return self.settings["place"], self.name

    def axes(self) -> dict[str, list]:
        """Full grid: values of `AXES`; one width of 0 where it follows from the dimension."""
        grid = {"width": [0], "bias": ["zero"], "depth": [1], **self.settings["grid"]}
        kinds = {axis: str if axis == "bias" else int for axis in AXES}
        return {a: axis_values(self.source, f"grid.{a}", grid[a], kinds[a]) for a in AXES}

    def trials(self, scale: str) -> list[Trial]:
        """Trials at a scale, the law of the biases slowest and the restart fastest.

        Networks that differ in the law of their biases alone have the same seed, and with it the
        same weights.
        """
        settings, selection = self.settings, self.settings["scales"][scale]
        axes = self.axes_at(scale)
        ps = as_exponents(selection.get("p", settings["p"]))
        known = as_exponents(settings["p"])
        chosen_indices(self.source, f"scales.{scale}.p", list(known), list(ps))
        search = {**settings.get("search", {}), **selection.get("search", {})}
        trials = []
        for bias, depth, input_dim, width in itertools.product(
            *(axes[axis] for axis in ("bias", "depth", "input_dim", "width"))
        ):
            width = width or settings["grid"]["width_per_dim"] * input_dim
            for restart in range(self.restarts_at(scale)):
                trials.append(
                    Trial(
                        input_dim=input_dim,
                        width=width,
                        depth=depth,
                        bias=bias,
                        restart=restart,
                        seed=derived_seed(f"{self.name}/{input_dim}/{width}/{depth}/{restart}"),
                        ps=ps,
                        search_restarts=search.get("restarts"),
                        search_steps=search.get("steps", 150),
                        upper=tuple(settings.get("upper", ())),
                        upper_operations=selection.get("upper_operations"),
                        coordinates=settings.get("coordinates", 0),
                        exact=settings.get("exact", False),
                    )
                )
        return trials

    def predicted_cost(self, trial: Trial, scale: str) -> Cost:
        """Predicted cost of a trial."""
        return predicted_cost(trial)

    def memory(self, trials: tuple[Trial, ...]) -> float:
        """Bytes of the largest network, and of what its search and bounds hold."""
        numbers = []
        for trial in trials:
            weights = trial.width * (trial.input_dim + (trial.depth - 1) * trial.width)
            starts = 3 * len(trial.ps) * (trial.search_restarts or 32)
            squares = trial.width**2 if "semidefinite" in trial.upper and trial.depth > 1 else 0
            numbers.append(4 * weights + 6 * starts * trial.width * trial.depth + 6 * squares)
        return 8.0 * max(numbers) + 3e8

    def check(self) -> None:
        """Check what the schema cannot.

        Raises
        ------
        UserError
            With the key at fault.
        """
        grid = self.settings.get("grid", {})
        if grid and ("width" in grid) == ("width_per_dim" in grid):
            raise UserError(f"{self.source}: grid: needs one of width and width_per_dim")
        super().check()
