"""Figures of networks that interpolate, one module a kind of figure."""

from memrob.plots.samples import samples
from memrob.studies.interpolation.figures.boundary import boundary
from memrob.studies.interpolation.figures.boundary_grid import boundary_grid
from memrob.studies.interpolation.figures.construction import construction
from memrob.studies.interpolation.figures.heatmap import heatmap
from memrob.studies.interpolation.figures.scatter import scatter
from memrob.studies.interpolation.figures.slices import slices
from memrob.studies.kind import Kind

OF_DATASET = ("points", "labels")

KINDS = {
    "heatmap": Kind(heatmap, ("trials", "published")),
    "slices": Kind(slices, ("trials", "published")),
    "scatter": Kind(scatter, OF_DATASET),
    "construction": Kind(construction, OF_DATASET),
    "boundary": Kind(boundary, OF_DATASET),
    "boundary_grid": Kind(boundary_grid, OF_DATASET),
    "samples": Kind(samples, OF_DATASET, given=("image_shape", "class_names")),
}

__all__ = ["KINDS"]
