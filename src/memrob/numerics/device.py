"""Which device computes: the processor, or with torch a graphics card.

torch is imported only when a card is asked for.
"""

from memrob.errors import UserError

DEVICES = ("cpu", "cuda", "auto")

TORCH_CPU = "torch-cpu"
"""Not for users: what runs on a card, run by torch on the processor, to test it without one."""

INSTALL = "pip install torch==2.13.0"


def usable_device(device: str, obstacle: str | None = None) -> str:
    """Device that computes when a user asks for one.

    Parameters
    ----------
    device : {"cpu", "cuda", "auto"}
        "auto" takes a card if there is one that torch can use and nothing stands in its way, else
        the processor.
    obstacle : str, optional
        Why a card cannot do what is to be computed, to be read after "device: cuda".

    Returns
    -------
    str
        "cpu" or "cuda".

    Raises
    ------
    UserError
        For an unknown device, and for "cuda" where it cannot be used.
    """
    if device == "cpu":
        return device
    if device not in (*DEVICES, TORCH_CPU):
        raise UserError(f"device: is {device!r}; it must be one of {', '.join(DEVICES)}")
    if obstacle is None and device != TORCH_CPU:
        obstacle = _missing()
    if device == "auto":
        return "cuda" if obstacle is None else "cpu"
    if obstacle is not None:
        raise UserError(f"device: cuda {obstacle}")
    return device


def _missing() -> str | None:
    try:
        import torch
    except ImportError:
        return f"needs torch, which is not installed: {INSTALL}"
    if torch.cuda.is_available():
        return None
    if torch.version.cuda is None and torch.version.hip is None:
        return (
            f"needs a torch built for it; {torch.__version__} is not: pip uninstall torch, then"
            f" {INSTALL}"
        )
    return f"needs a graphics card that torch {torch.__version__} can use; there is none"
