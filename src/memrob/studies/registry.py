"""Reads the experiments of all parts from their files."""

import re
from pathlib import Path

from memrob.errors import UserError
from memrob.studies.base import Experiment
from memrob.studies.complexity.experiment import ComplexityExperiment
from memrob.studies.convolution.experiment import ConvolutionExperiment
from memrob.studies.generalisation.experiment import GeneralisationExperiment
from memrob.studies.interpolation.experiment import InterpolationExperiment
from memrob.studies.lipschitz.experiment import LipschitzExperiment
from memrob.studies.smaller.experiment import SmallerExperiment
from memrob.studies.theory.experiment import TheoryExperiment
from memrob.studies.training.experiment import TrainingExperiment
from memrob.studies.validation import NAME, read_yaml, validate

PARTS: dict[str, type[Experiment]] = {
    kind.part: kind
    for kind in (
        InterpolationExperiment,
        GeneralisationExperiment,
        SmallerExperiment,
        ComplexityExperiment,
        TheoryExperiment,
        ConvolutionExperiment,
        TrainingExperiment,
        LipschitzExperiment,
    )
}


def load_experiment(path: Path) -> Experiment:
    """Read and check the configuration of an experiment.

    Parameters
    ----------
    path : path
        STUDY/NAME.yaml; the folder says which study it belongs to.

    Raises
    ------
    UserError
        With the file and the key at fault.
    """
    settings, part = read_yaml(path), Path(path).absolute().parent.name
    if part not in PARTS:
        raise UserError(f"{path}: lies in no folder of a part; those are {', '.join(PARTS)}")
    validate(settings, part, str(path))
    experiment = PARTS[part](path.stem, str(path), settings)
    experiment.check()
    return experiment


def load_experiments(folder: Path, names: list[str] | str = "all") -> dict[str, Experiment]:
    """Read experiments, all or those named, part by part.

    Parameters
    ----------
    folder : path
        Holds a folder for each part.
    names : list of str, or "all"
        Which ones; no two parts have experiments of one name.

    Raises
    ------
    UserError
        If a named experiment has no file there, or a file lies where none is read.
    """
    paths = [path for part in PARTS for path in sorted((folder / part).glob("*.yaml"))]
    strays = {path for ending in ("yaml", "yml") for path in folder.rglob(f"*.{ending}")}
    for path in sorted(strays.difference(paths)):
        raise UserError(
            f"{path}: is not read; experiments are {folder}/STUDY/NAME.yaml, with STUDY one of "
            f"{', '.join(PARTS)}"
        )
    known = [path.stem for path in paths]
    twice = [name for name in known if known.count(name) > 1]
    if twice:
        raise UserError(f"{folder}: two experiments have the name {twice[0]}; each needs its own")
    for name in known if names == "all" else names:
        if name not in known:
            raise UserError(
                f"configuration: experiments: there is no {name!r}; there are {', '.join(known)}"
            )
    for path in paths:
        if not re.fullmatch(NAME["pattern"], path.stem):
            raise UserError(f"{path}: the name of the file must be of letters, digits and _ only")
    loaded = [load_experiment(path) for path in paths if names == "all" or path.stem in names]
    order = list(PARTS)
    loaded.sort(key=lambda experiment: (order.index(experiment.part), experiment.rank))
    return {experiment.name: experiment for experiment in loaded}
