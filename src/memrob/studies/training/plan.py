"""What an experiment computes at a scale, from which a study makes its trials."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from memrob.studies.base import derived_seed
from memrob.studies.training.trial import Points
from memrob.training.settings import Settings


@dataclass(frozen=True)
class Plan:
    """What an experiment computes at a scale.

    Attributes
    ----------
    name : str
        Of the experiment.
    axes : dict of str to list
        Values that the scale takes of each axis of the grid.
    restarts : int
        Seeds.
    training : Settings
        Of the training.
    points : dict
        Attributes of `Points` but the number of training points.
    device : str
        Where networks are trained.
    save_every : int
        Epochs between saves of a training that goes on.
    options : dict
        What else the file says, by key.
    """

    name: str
    axes: dict[str, list]
    restarts: int
    training: Settings
    points: dict[str, Any]
    device: str
    save_every: int
    options: dict[str, Any]

    def common(self, n_samples: int, restarts: Iterable[int]) -> dict[str, Any]:
        """Attributes that trials of all studies have.

        A seed belongs to the number of points and the restart: networks that differ in anything
        else share the labels that are replaced, and as many initial weights as their widths allow.
        """
        restarts = tuple(restarts)
        return {
            "points": Points(n_samples=n_samples, **self.points),
            "restarts": restarts,
            "seeds": tuple(derived_seed(f"{self.name}/{n_samples}/{r}") for r in restarts),
            "device": self.device,
            "save_every": self.save_every,
        }
