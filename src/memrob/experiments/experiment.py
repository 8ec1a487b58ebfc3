"""An experiment: its configuration, its grid and its trials, each with a seed of its own."""

import hashlib
import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from memrob.data.catalogue import DATASETS
from memrob.errors import UserError
from memrob.experiments.chunks import Chunk, split
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

    @property
    def shares_weights(self) -> bool:
        """Whether all maximal biases of a restart share one seed, and with it their weights."""
        return self.settings.get("share") == "max_bias"

    def takes_part(self, scale: str) -> bool:
        """Whether anything of it is made at a scale."""
        return "grid" not in self.settings or scale in self.settings["scales"]

    def has_trials(self, scale: str) -> bool:
        """Whether it has trials at a scale."""
        return "grid" in self.settings and scale in self.settings["scales"]

    def axes(self) -> dict[str, list]:
        """Full grid: values of `n_samples`, `first_width`, `max_bias`, as Python numbers."""
        grid = {"n_samples": [DATASETS[self.dataset].n_samples], **self.settings["grid"]}
        axes = {axis: self._values(f"grid.{axis}", spec) for axis, spec in grid.items()}
        if max(axes["n_samples"]) > DATASETS[self.dataset].n_samples:
            raise UserError(
                f"{self.source}: grid.n_samples: {max(axes['n_samples'])} are more than the "
                f"{DATASETS[self.dataset].n_samples} points of {self.dataset}"
            )
        return axes

    def trials(self, scale: str) -> list[Trial]:
        """Trials at a scale, in the order of the published table.

        The published tables run over the sorted keys activation, dataset, max_bias, n_iter
        (the first width) and restart, the last fastest, and the seed of a trial is its row. The
        order "permutation" has seeds derived from the cell and the restart instead, so that these
        trials are independent of the published ones.
        """
        axes = self.axes()
        chosen, restarts = self.selection(scale)
        trials = []
        for i, j, k in itertools.product(
            *(chosen[a] for a in ("n_samples", "max_bias", "first_width"))
        ):
            row = (i * len(axes["max_bias"]) + j) * len(axes["first_width"]) + k
            cell = axes["n_samples"][i], axes["first_width"][k], axes["max_bias"][j]
            for restart in range(restarts):
                published_seed = row * int(self.settings["restarts"]) + restart
                trials.append(self._trial(*cell, restart, published_seed))
        if self.shares_weights:
            # The maximal biases of a restart stand together: they are run as one.
            trials.sort(key=lambda t: (t.n_samples, t.first_width, t.restart, t.max_bias))
        return trials

    def chunks(self, scale: str, chunk_seconds: float) -> dict[str, Chunk]:
        """Chunks of its trials at a scale, by name."""
        chunks = split(self.trials(scale), chunk_seconds, self.shared_by(scale))
        return {chunk.name: chunk for chunk in chunks}

    def _trial(self, n_samples, first_width, max_bias, restart, published_seed) -> Trial:
        order = self.settings["order"]
        activation = self.settings.get("activation", "threshold")
        seed, subset_seed = published_seed, FIRST_POINTS
        if order != "reference":
            cell = "shared" if self.shares_weights else f"{max_bias:.9g}"
            seed = derived_seed(
                f"{self.name}/{n_samples}/{first_width}/{cell}/{activation}/{restart}"
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

    def shared_by(self, scale: str) -> int:
        """Number of trials at a scale that share one matrix product."""
        return len(self.selection(scale)[0]["max_bias"]) if self.shares_weights else 1

    def selection(self, scale: str) -> tuple[dict[str, list[int]], int]:
        """What a scale takes: indices into each axis, and restarts.

        Raises
        ------
        UserError
            If it selects what the grid does not have.
        """
        selection, most = self.settings["scales"][scale], int(self.settings["restarts"])
        restarts = int(selection.get("restarts", most))
        if restarts > most:
            raise UserError(
                f"{self.source}: scales.{scale}.restarts: is {restarts}; there are {most} at most"
            )
        axes = self.axes()
        return {
            axis: self._chosen(f"scales.{scale}.{axis}", values, selection.get(axis))
            for axis, values in axes.items()
        }, restarts

    def _chosen(self, key: str, values: list, selected: list | dict | None) -> list[int]:
        if selected is None:
            return list(range(len(values)))
        indices = []
        for value in self._values(key, selected):
            index = int(np.argmin(np.abs(np.array(values) - value)))
            if abs(values[index] - value) > TOLERANCE:
                raise UserError(
                    f"{self.source}: {key}: {value} is not a value of grid.{key.split('.')[-1]}"
                )
            indices.append(index)
        if len(set(indices)) < len(indices):
            raise UserError(f"{self.source}: {key}: selects a value of the grid twice")
        return indices

    def _values(self, key: str, spec: list | dict) -> list:
        values = spec
        if isinstance(spec, dict):
            values = np.arange(spec["start"], spec["stop"], spec["step"]).tolist()
        if not values:
            raise UserError(f"{self.source}: {key}: holds no value; stop must be above start")
        return [float(v) if key.endswith("max_bias") else int(v) for v in values]


def derived_seed(name: str) -> int:
    """Seed that belongs to a name: 53 bits, which every table format holds exactly."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 11


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
        experiment.selection(scale)
    if experiment.shares_weights and (
        settings.get("order") == "reference" or settings.get("activation") == "relu"
    ):
        raise UserError(f"{path}: share: goes with order permutation and activation threshold only")
    if settings.get("order") == "reference" and settings.get("activation") == "relu":
        raise UserError(f"{path}: order: reference replays threshold networks only, not relu")
    return experiment


def load_experiments(folder: Path, names: list[str] | str = "all") -> dict[str, Experiment]:
    """Read the experiments of a folder, all or those named, in the order of the catalogue.

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
    loaded = [load_experiment(paths[name]) for name in names]
    catalogue = list(DATASETS)
    loaded.sort(key=lambda experiment: (catalogue.index(experiment.dataset), experiment.name))
    return {experiment.name: experiment for experiment in loaded}
