"""Progress of long steps on standard error, which in the workflow is the log of a job."""

import sys
from collections.abc import Sequence

from tqdm import tqdm


def shown(items: Sequence, unit: str) -> tqdm:
    """Iterate over items, and show at most every five seconds how many there are and are left.

    Parameters
    ----------
    items : sequence
    unit : str
        What an item is, such as "trial".
    """
    return tqdm(items, unit=unit, mininterval=5, ascii=True, file=sys.stderr)
