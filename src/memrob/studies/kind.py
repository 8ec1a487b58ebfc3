"""Kinds of figures: a function, what it draws from, and its options."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from memrob.errors import UserError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

# Keys of a figure's description that say what is written beside it, not how it is drawn.
TEXTS = {"kind", "figure", "caption", "claims", "title", "measured"}
OF_DATASET = {"points", "labels"}


@dataclass(frozen=True)
class Kind:
    """A kind of figure.

    Attributes
    ----------
    function : callable
        Draws it. Its arguments by name are the title and the options of the figure.
    arguments : tuple of str
        Attributes of `memrob.studies.material.Material` that it takes by position.
    given : tuple of str
        Attributes of `Material` that it takes by name.
    needs : tuple of str
        Keys of `TEXTS` without which it cannot be drawn.
    printed : bool
        Whether it is a table to read: the function then returns a DataFrame and takes no title.
    """

    function: "Callable[..., Figure | pd.DataFrame]"
    arguments: tuple[str, ...] = ("trials",)
    given: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    printed: bool = False

    @property
    def suffix(self) -> str:
        """End of the name of its file."""
        return ".csv" if self.printed else ".pdf"

    @property
    def of_trials(self) -> bool:
        """Whether it is drawn from the table of trials."""
        return "trials" in self.arguments

    @property
    def of_dataset(self) -> bool:
        """Whether it is drawn from the data set."""
        return bool(OF_DATASET & set(self.arguments))

    @property
    def options(self) -> dict[str, bool]:
        """Its options, and whether each is required."""
        parameters = inspect.signature(self.function).parameters.values()
        return {
            parameter.name: parameter.default is parameter.empty
            for parameter in parameters
            if parameter.kind is parameter.KEYWORD_ONLY
            and parameter.name not in {"title", *self.given}
        }

    def check_options(self, figure: dict[str, Any], where: str) -> None:
        """Check that a figure has the options of its kind and no others.

        Parameters
        ----------
        figure : dict
            The figure's entry in the configuration of its experiment.
        where : str
            File and key of the entry, for messages.

        Raises
        ------
        UserError
            When an option is unknown or missing.
        """
        known = self.options
        for option in figure.keys() - TEXTS - known.keys():
            allowed = ", ".join(known) or "none"
            raise UserError(
                f"{where}.{option}: is no option of the kind {figure['kind']}; it has {allowed}"
            )
        for option, required in (known | dict.fromkeys(self.needs, True)).items():
            if required and option not in figure:
                raise UserError(f"{where}.{option}: is missing; the kind {figure['kind']} needs it")


def kind_of(kinds: dict[str, Kind], figure: dict[str, Any], where: str) -> Kind:
    """Kind of a figure.

    Raises
    ------
    UserError
        When there is no such kind.
    """
    if figure.get("kind") not in kinds:
        raise UserError(
            f"{where}.kind: is {figure.get('kind')!r}; it must be one of {', '.join(kinds)}"
        )
    return kinds[figure["kind"]]
