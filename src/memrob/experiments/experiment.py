"""An experiment: its configuration, its grid and its trials, each with a seed of its own."""

import hashlib
import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from memrob.data.catalogue import DATASETS
from memrob.errors import UserError
from memrob.experiments.trials import FIRST_POINTS, Trial
from memrob.experiments.validation import read_yaml, validate

SCALES = ("smoke", "default", "paper")
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Experiment:
    """An experiment of part one.

    Attributes
    ----------
    name : str
        Name of its file.
    source : str
        Path of its file, for messages.
    settings : dict
        The validated content of its file.
    """

    name: str
    source: str
    settings: dict

    @property
    def dataset(self) -> str:
        """Name of its data set."""
        return self.settings["dataset"]

    @property
    def download(self) -> str | None:
        """The raw set that must be downloaded for it, if any."""
        return DATASETS[self.dataset].downloads

    @property
    def figures(self) -> dict[str, dict]:
        """Its figures: name -> kind, options and texts."""
        return self.settings["figures"]

    def takes_part(self, scale: str) -> bool:
        """Whether anything of it is made at a scale."""
        return "grid" not in self.settings or scale in self.settings["scales"]

    def has_trials(self, scale: str) -> bool:
        """Whether it has trials at a scale."""
        return "grid" in self.settings and scale in self.settings["scales"]

    def axes(self) -> dict[str, list]:
        """Full grid: values of `n_samples`, `first_width`, `max_bias`, as Python numbers."""
        grid = {"n_samples": [DATASETS[self.dataset].n_samples], **self.settings["grid"]}
        return {axis: _values(spec) for axis, spec in grid.items()}

    def trials(self, scale: str) -> list[Trial]:
        """Trials at a scale, in the order of the published table.

        The published tables run over the sorted keys activation, dataset, max_bias, n_iter
        (the first width) and restart, the last fastest, and the seed of a trial is its row. The
        order "permutation" has seeds derived from the cell and the restart instead, so that these
        trials are independent of the published ones.
        """
        axes = self.axes()
        selection = self.settings["scales"][scale]
        restarts = selection.get("restarts", self.settings["restarts"])
        chosen = {axis: self._chosen(axis, axes[axis], selection, scale) for axis in axes}
        trials = []
        for i, j, k in itertools.product(
            *(chosen[a] for a in ("n_samples", "max_bias", "first_width"))
        ):
            row = (i * len(axes["max_bias"]) + j) * len(axes["first_width"]) + k
            cell = axes["n_samples"][i], axes["first_width"][k], float(axes["max_bias"][j])
            for restart in range(restarts):
                published_seed = row * self.settings["restarts"] + restart
                trials.append(self._trial(*cell, restart, published_seed))
        return trials

    def _trial(self, n_samples, first_width, max_bias, restart, published_seed) -> Trial:
        order = self.settings["order"]
        activation = self.settings.get("activation", "threshold")
        seed, subset_seed = published_seed, FIRST_POINTS
        if order != "reference":
            seed = derived_seed(
                f"{self.name}/{n_samples}/{first_width}/{max_bias:.9g}/{activation}/{restart}"
            )
        if self.settings.get("subsets") == "resampled":
            subset_seed = derived_seed(f"{self.name}/subset/{restart}")
        return Trial(
            self.dataset,
            n_samples,
            first_width,
            max_bias,
            activation,
            order,
            restart,
            seed,
            subset_seed,
        )

    def _chosen(self, axis: str, values: list, selection: dict, scale: str) -> list[int]:
        """Indices into an axis of the values that a scale selects."""
        if axis not in selection:
            return list(range(len(values)))
        indices = []
        for value in _values(selection[axis]):
            index = int(np.argmin(np.abs(np.array(values) - value)))
            if abs(values[index] - value) > TOLERANCE:
                raise UserError(
                    f"{self.source}: scales.{scale}.{axis}: {value} is not a value of grid.{axis}"
                )
            indices.append(index)
        return indices


def derived_seed(name: str) -> int:
    """Seed that belongs to a name: 53 bits, which every table format holds exactly."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 11


def _values(spec: list | dict) -> list:
    if isinstance(spec, dict):
        return np.arange(spec["start"], spec["stop"], spec["step"]).tolist()
    return list(spec)


def load_experiment(path: Path) -> Experiment:
    """Read and check the configuration of an experiment.

    Raises
    ------
    UserError
        With the file and the key at fault.
    """
    settings = read_yaml(path)
    validate(settings, "experiment", str(path))
    if settings["dataset"] not in DATASETS:
        raise UserError(
            f"{path}: dataset: is {settings['dataset']!r}; it must be one of {', '.join(DATASETS)}"
        )
    experiment = Experiment(path.stem, str(path), settings)
    for scale in settings.get("scales", {}):
        trials = experiment.trials(scale)
        if not trials:
            raise UserError(f"{path}: scales.{scale}: selects no trial")
    return experiment


def load_experiments(folder: Path, names: list[str] | str = "all") -> dict[str, Experiment]:
    """Read the experiments of a folder, all or those named.

    Raises
    ------
    UserError
        If a named experiment has no file there.
    """
    paths = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    if names == "all":
        names = list(paths)
    for name in names:
        if name not in paths:
            raise UserError(
                f"configuration: experiments: there is no {name!r}; there are {', '.join(paths)}"
            )
    return {name: load_experiment(paths[name]) for name in names}
