"""What may make a module of torch compute something else than its kind says."""

import copy
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from memrob.errors import UserError

if TYPE_CHECKING:
    from memrob.lipschitz.operators.network import OperatorNetwork

COMPUTING = ("forward", "__call__", "_call_impl", "_wrapped_call_impl", "_conv_forward")
"""Methods that a module's result comes from."""

SIZES = (0.1, 1.0, 1.0, 10.0, 100.0)
"""Sizes of the points at which a network is compared with its module."""

CLOSE = {torch.float64: 1e-6, torch.float32: 1e-2}
"""Largest difference of outputs, by type, relative to the largest output."""


def change_of(module: nn.Module, kind: type[nn.Module] | None = None) -> str | None:
    """Why a module may compute something else than its kind does; None if nothing shows.

    Parameters
    ----------
    module : torch.nn.Module
    kind : type, optional
        What it is taken for; its own type if left out.
    """
    # Hooks before it that torch itself sets compute weights, as of weight_norm.
    before = [h for h in module._forward_pre_hooks.values() if not _is_of_torch(h)]
    if module._forward_hooks or before:
        return "has a hook, which may change what it computes; remove it"
    kind = kind or type(module)
    for name in COMPUTING:
        own = getattr(type(module), name, None)
        if name in vars(module) or own is not getattr(kind, name, None):
            return f"has a {name} of its own; it must be that of {kind.__name__}"
    return None


def require_no_global_hooks(source: str) -> None:
    """Raise a UserError if torch runs hooks for all modules."""
    hooks = nn.modules.module
    if hooks._global_forward_hooks or hooks._global_forward_pre_hooks:
        raise UserError(
            f"{source}: torch has a hook for all modules, which may change what they compute; "
            "remove it"
        )


def compute_weights(module: nn.Module) -> None:
    """Run the hooks of torch that compute weights, which may be older than what they come from."""
    with torch.no_grad():
        for part in module.modules():
            for hook in filter(_is_of_torch, part._forward_pre_hooks.values()):
                hook(part, ())


def _is_of_torch(hook) -> bool:
    return type(hook).__module__.startswith("torch.")


def require_same(source: str, module: nn.Module, shape, network: "OperatorNetwork") -> None:
    """Raise a UserError if a module differs from the network that was read, at a few points.

    Parameters
    ----------
    source : str
        Named in the message.
    module : torch.nn.Module
        In evaluation mode.
    shape : sequence of int
        Of one input, with a batch of 1.
    network : OperatorNetwork
    """
    X = np.random.default_rng(0).standard_normal((len(SIZES), *shape)) * np.reshape(
        SIZES, (-1, *(1,) * len(shape))
    )
    # Numbers that float32 holds are the same for the module.
    X = X.astype(np.float32).astype(np.float64)
    found = network.outputs(X.reshape(len(X), -1))
    expected, dtype = _outputs(source, module, X)
    if dtype not in CLOSE or not (np.isfinite(found).all() and np.isfinite(expected).all()):
        return
    scale = np.abs(expected).max(axis=1)
    same = expected.shape == found.shape
    if not same or (np.abs(found - expected).max(axis=1) > CLOSE[dtype] * scale).any():
        raise UserError(
            f"{source}: computes something else than its layers one after the other; "
            "its forward must not depend on more than its input"
        )


def _outputs(source: str, module: nn.Module, X: np.ndarray) -> tuple[np.ndarray, torch.dtype]:
    """Outputs at points (M, 1, ...), and the type in which they were computed."""
    with torch.no_grad():
        try:
            return _applied(copy.deepcopy(module).double(), X, torch.float64)
        except Exception:  # a copy, or numbers of another type, may be what a module cannot take
            dtype = next((p.dtype for p in module.parameters()), torch.float32)
        try:
            return _applied(module, X, dtype)
        except Exception as error:  # whatever a forward raises
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise UserError(
                f"{source}: cannot be applied to an input of shape {X.shape[1:]} ({reason})"
            ) from error


def _applied(module: nn.Module, X: np.ndarray, dtype) -> tuple[np.ndarray, torch.dtype]:
    device = next((p.device for p in module.parameters()), torch.device("cpu"))
    points = torch.from_numpy(X).to(device=device, dtype=dtype)
    found = [module(point).detach().cpu().double().numpy().ravel() for point in points]
    return np.stack(found), dtype
