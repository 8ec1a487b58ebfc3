"""Figures of networks that interpolate, one module a kind of figure."""

from memrob.figures.draw import Kind
from memrob.figures.heatmap import heatmap
from memrob.figures.interpolation.boundary import boundary
from memrob.figures.interpolation.boundary_grid import boundary_grid
from memrob.figures.interpolation.scatter import scatter
from memrob.figures.samples import samples
from memrob.figures.slices import slices

OF_DATASET = ("points", "labels")

KINDS = {
    "heatmap": Kind(heatmap, ("cells", "published")),
    "slices": Kind(slices, ("trials", "published")),
    "scatter": Kind(scatter, OF_DATASET),
    "boundary": Kind(boundary, OF_DATASET),
    "boundary_grid": Kind(boundary_grid, OF_DATASET),
    "samples": Kind(samples, OF_DATASET, given=("image_shape", "class_names")),
}

__all__ = ["KINDS"]
