"""Draw the construction as an animation."""

from pathlib import Path

from memrob.data.npz import load_prepared
from memrob.studies.interpolation.animation import write_animation
from memrob.workflow.jobs import run_job, run_shell


def animation(dataset: Path, gif: Path) -> None:
    """Draw the construction of a network on points of the plane as an animation.

    Parameters
    ----------
    dataset : path
        NPZ of the data set.
    gif : path
        GIF to write.
    """
    write_animation(*load_prepared(dataset), gif)


if "snakemake" in globals():
    run_job(snakemake, animation, dataset=snakemake.input.dataset, gif=snakemake.output.gif)
else:
    run_shell(animation)
