"""Figures of networks trained by gradient descent, one module a kind of figure."""

from memrob.figures.draw import Kind
from memrob.figures.training.adversarial_images import adversarial_images
from memrob.figures.training.double_descent import double_descent
from memrob.figures.training.lipschitz_course import lipschitz_course
from memrob.figures.training.parameters import parameters
from memrob.figures.training.radii import radii
from memrob.figures.training.robust_accuracy import robust_accuracy
from memrob.figures.training.thresholds import thresholds

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
