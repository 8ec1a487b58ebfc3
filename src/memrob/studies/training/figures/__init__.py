"""Figures of networks trained by gradient descent, one module a kind of figure."""

from memrob.studies.kind import Kind
from memrob.studies.training.figures.adversarial_images import adversarial_images
from memrob.studies.training.figures.double_descent import double_descent
from memrob.studies.training.figures.lipschitz_course import lipschitz_course
from memrob.studies.training.figures.parameters import parameters
from memrob.studies.training.figures.radii import radii
from memrob.studies.training.figures.robust_accuracy import robust_accuracy
from memrob.studies.training.figures.thresholds import thresholds

KINDS = {
    "double_descent": Kind(double_descent),
    "thresholds": Kind(thresholds),
    "parameters": Kind(parameters),
    "robust_accuracy": Kind(robust_accuracy),
    "radii": Kind(radii),
    "adversarial_images": Kind(
        adversarial_images, ("points", "labels"), given=("image_shape", "class_names")
    ),
    "lipschitz_course": Kind(lipschitz_course),
}

__all__ = ["KINDS"]
