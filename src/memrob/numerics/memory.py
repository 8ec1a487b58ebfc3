"""How much memory a process may take."""

import os
from pathlib import Path

MEMINFO = Path("/proc/meminfo")
LIMITS = [
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
]
"""Where Linux keeps the limit of a container, of control groups of versions 2 and 1."""


def available_memory() -> int:
    """Approximate number of bytes that a process may still take.

    Returns
    -------
    int
        On Linux what the system has available, or the limit of the container if that is less;
        elsewhere all of the machine's memory.
    """
    limits = (_limit(path) for path in LIMITS)
    return min([_of_machine(), *(limit for limit in limits if limit is not None)])


def _of_machine() -> int:
    try:
        lines = MEMINFO.read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if "MemAvailable:" in line)
    except (OSError, StopIteration):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _limit(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        # No container, or no limit: the word "max".
        return None
