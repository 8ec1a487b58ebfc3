"""Data sets: where they come from, how they are checked, built, stored and read."""

from memrob.data.catalogue import CIFAR10_CLASS_NAMES, DATASETS, Entry, build, prepare
from memrob.data.dataset import Dataset, largest_norm, normalise, stratified_order
from memrob.data.disjoint import require_disjoint_classes
from memrob.data.npz import load_npz, save_npz
from memrob.data.raw import RAW_SETS, RawImages
from memrob.data.sources import availability, obtain

__all__ = [
    "CIFAR10_CLASS_NAMES",
    "DATASETS",
    "RAW_SETS",
    "Dataset",
    "Entry",
    "RawImages",
    "availability",
    "build",
    "largest_norm",
    "load_npz",
    "normalise",
    "obtain",
    "prepare",
    "require_disjoint_classes",
    "save_npz",
    "stratified_order",
]
