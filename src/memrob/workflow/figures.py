"""Steps that draw the figures of experiments."""

from pathlib import Path

from memrob.data.catalogue import DATASETS
from memrob.data.npz import load_npz
from memrob.errors import UserError
from memrob.experiments.experiment import Experiment
from memrob.experiments.loading import load_experiment
from memrob.experiments.tables import read_trials
from memrob.fidelity.published import published_cells


def figure(
    experiment: Path,
    figure: str,
    pdf: Path,
    dataset: Path | None = None,
    table: Path | None = None,
    measured: Path | None = None,
    reference: Path = Path("data/reference"),
) -> None:
    """Draw a figure of an experiment as PDF and PNG.

    Parameters
    ----------
    experiment : path
        Configuration of the experiment.
    figure : str
        Name of the figure in it.
    pdf : path
        PDF to write; the PNG lies beside it.
    dataset, table : path, optional
        NPZ of the data set and CSV of the trials; which is needed depends on the kind of figure.
    measured : path, optional
        CSV of the trials of part interpolation that figures of part complexity are set beside.
    reference : path
        Folder of the published tables.
    """
    loaded = load_experiment(experiment)
    if figure not in loaded.figures:
        raise UserError(f"{experiment}: has no figure {figure}; has {', '.join(loaded.figures)}")
    if loaded.part == "lipschitz":
        from memrob.figures.lipschitz.draw import draw as draw_lipschitz

        trials = read_trials(table, column="lower") if table else None
        title = loaded.settings["title"]
        draw_lipschitz(loaded.figures[figure], pdf, title=title, trials=trials)
    elif loaded.part == "generalisation":
        from memrob.figures.generalisation.draw import draw as draw_generalisation

        trials = read_trials(table, column="test_accuracy") if table else None
        title = loaded.settings["title"]
        draw_generalisation(loaded.figures[figure], pdf, title=title, trials=trials)
    elif loaded.part == "complexity":
        from memrob.figures.complexity.draw import draw as draw_complexity

        draw_complexity(
            loaded.figures[figure],
            pdf,
            title=loaded.settings["title"],
            trials=read_trials(table, column="M_minus") if table else None,
            measured=read_trials(measured) if measured else None,
        )
    else:
        _of_interpolation(loaded, figure, pdf, dataset, table, reference)


def _of_interpolation(
    loaded: Experiment,
    figure: str,
    pdf: Path,
    dataset: Path | None,
    table: Path | None,
    reference: Path,
) -> None:
    from memrob.figures import draw

    entry = DATASETS[loaded.dataset]
    draw(
        loaded.figures[figure],
        pdf,
        title=loaded.settings["title"],
        trials=read_trials(table) if table else None,
        published=published_cells(reference, loaded.name, loaded.dataset) if table else None,
        dataset=load_npz(dataset) if dataset else None,
        image_shape=entry.image_shape,
        class_names=entry.class_names,
    )
