"""Networks and fitted estimators in files: safetensors, which hold arrays and text, no code.

Arrays: ``weights`` (n, d) and ``biases`` (n,) float32; ``labels`` (n_classes,) int64; and for
detector k = 0, 1, ... ``candidates.k`` (m,) int64, ``masks.k`` (m, ceil(n / 8)) uint8, eight
hyperplanes a byte, the first one in the lowest bit, and ``thresholds.k`` (m,), int64 for threshold
and float64 for relu activation. The metadata have one key, ``memrob.interpolation``, and under it a
JSON object with ``version``: with several, safetensors writes them in an order that changes.
"""

import os

from memrob.interpolation.first_layer import FirstLayer
from memrob.interpolation.network import Detector, Network
from memrob.interpolation.saved_format import Format

KEY = "memrob.interpolation"


def _estimator() -> type:
    from memrob.interpolation.estimator import InterpolatingClassifier

    return InterpolatingClassifier


FORMAT = Format(
    key=KEY,
    network=Network,
    detector=Detector,
    estimator=_estimator,
    describe_layer=lambda layer: {},
    restore_layer=lambda weights, biases, description: FirstLayer(weights, biases),
)


def save(path: str | os.PathLike, network) -> None:
    """Write a network, or a fitted estimator, into a file.

    Parameters
    ----------
    path : path
        Its folder is created. The file is replaced only once the new one is whole.
    network : Network or InterpolatingClassifier
        An estimator's labels must be strings, integers, bools or floats. A `random_state` that is
        not an int is saved as None; `seed_`, with which it was fitted, is kept.

    Raises
    ------
    UserError
        In one line, for labels of other types, objects of other types, and if the file cannot be
        written.
    """
    FORMAT.save(path, network)


def load(path: str | os.PathLike):
    """Read what `save` wrote: the same predictions, bit by bit.

    Parameters
    ----------
    path : path

    Returns
    -------
    Network or InterpolatingClassifier
        Whichever was saved.

    Raises
    ------
    UserError
        In one line that names the file, if it is absent, truncated, damaged or another file.
    """
    return FORMAT.load(path)
