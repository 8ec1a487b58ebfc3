"""Random numbers of one seed for several purposes, none of which shifts another."""

import numpy as np

PURPOSES = ("first_layer", "second_layer", "new_units", "order", "labels", "directions")


def stream(seed: int, purpose: str, *numbers: int) -> np.random.Generator:
    """Generator for a purpose of a seed, one of `PURPOSES`, and for further numbers within it."""
    return np.random.default_rng([seed, PURPOSES.index(purpose), *numbers])
