"""The training loop of a stack: minibatches, networks that are finished, and what is saved."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from memrob.numerics.device import usable_device
from memrob.training.checkpoints import Checkpoint, digest
from memrob.training.gradients import evaluate
from memrob.training.optimisation import Adam, Sgd, kind_of, new_optimiser
from memrob.training.settings import Settings
from memrob.training.stack import Stack, with_constant
from memrob.training.streams import stream

Retire = Callable[[np.ndarray], Sequence[int]]
"""From the numbers of the networks that are fitted by now to further ones that may stop too."""


@dataclass(frozen=True)
class Trained:
    """A trained stack.

    Attributes
    ----------
    stack : Stack
        The networks in their order, on the processor.
    fitted : (M,) bool
        Whether a network classifies all training points, as seen at the last look at it.
    epochs : (M,) int64
        Epochs that each network was trained for.
    steps : (M,) int64
        Minibatches likewise.
    seconds : float
        Wall time of the training, also of parts done in earlier runs.
    """

    stack: Stack
    fitted: np.ndarray
    epochs: np.ndarray
    steps: np.ndarray
    seconds: float


def train(
    stack: Stack,
    X: np.ndarray,
    labels: np.ndarray,
    settings: Settings,
    *,
    seed: int,
    device: str = "cpu",
    folder: str | os.PathLike | None = None,
    save_every: int = 0,
    retire: Retire | None = None,
) -> Trained:
    """Train all networks of a stack on the same minibatches.

    Parameters
    ----------
    stack : Stack
        Initial weights; left as they are.
    X : (N, d) float32
        Training points.
    labels : (M, N) int64
        Classes of the points, for each network its own, or (N,) for all.
    settings : Settings
        Loss, optimiser and so on.
    seed : int
        Of the order of the points, drawn anew for each epoch and shared by the stack.
    device : {"cpu", "cuda", "auto"}
        Where it is computed.
    folder : path-like, optional
        Where trained stacks are kept: one that lies there already is returned, and a partial one
        is continued, with the same result bit by bit on one machine.
    save_every : int
        Epochs between partial ones; 0 for none.
    retire : callable, optional
        Names networks that need not be trained further, given those that are fitted.

    Returns
    -------
    Trained
        A network depends on the others of the stack by rounding alone, unless `retire` ends it.

    Raises
    ------
    UserError
        For a device that cannot be used.
    """
    device = usable_device(device)
    points = with_constant(X, device)
    labels = torch.as_tensor(np.broadcast_to(labels, (stack.n_models, len(X))).copy()).to(device)
    checkpoint = None
    if folder is not None:
        checkpoint = Checkpoint(folder, digest(stack, points, labels, settings, seed, device))
    run = _Run(stack, points, labels, settings, seed, retire)
    run.train(checkpoint, save_every)
    return run.trained()


class _Run:
    """State of a training: the networks still in it, and those that have left it."""

    def __init__(self, stack, points, labels, settings, seed, retire):
        self.points, self.all_labels, self.settings, self.seed = points, labels, settings, seed
        self.retire = retire
        self.whole = stack.to("cpu")
        self.fitted = np.zeros(stack.n_models, dtype=bool)
        self.epochs = np.zeros(stack.n_models, dtype=np.int64)
        self.epoch, self.seconds = 0, 0.0
        self.members = np.arange(stack.n_models)
        self.stack = stack.to(points.device.type)
        self.labels = labels
        self.optimiser = new_optimiser(settings, self.stack)

    def train(self, checkpoint: Checkpoint | None, save_every: int) -> None:
        if checkpoint is not None:
            self._restore(checkpoint.load())
        start, before = time.perf_counter(), self.seconds
        last = self.settings.epochs
        while len(self.members) and self.epoch < last:
            self._one_epoch()
            look = self.settings.stop_when_fitted and self.epoch % self.settings.check_every == 0
            if look or self.epoch == last:
                self._look()
            self.seconds = before + time.perf_counter() - start
            if checkpoint is not None and save_every and self.epoch % save_every == 0:
                checkpoint.save(self._state(), finished=False)
        if checkpoint is not None:
            checkpoint.save(self._state(), finished=True)

    def trained(self) -> Trained:
        batches = -(-len(self.points) // self.settings.batch_size)
        return Trained(self.whole, self.fitted, self.epochs, self.epochs * batches, self.seconds)

    def _one_epoch(self) -> None:
        order = stream(self.seed, "order", self.epoch).permutation(len(self.points))
        order = torch.as_tensor(order, device=self.points.device)
        points, labels = self.points[order], self.labels[:, order]
        step_size, size = self.settings.step_size_at(self.epoch), self.settings.batch_size
        for start in range(0, len(points), size):
            part = slice(start, start + size)
            self.optimiser.step(self.stack, points[part], labels[:, part], step_size)
        self.epoch += 1

    def _look(self) -> None:
        """Let finished networks leave the stack."""
        wrong, _ = evaluate(self.stack, self.points, self.labels, self.settings.loss)
        fitted = (wrong == 0).cpu().numpy()
        self.fitted[self.members[fitted]] = True
        leaving = np.full(len(self.members), self.epoch == self.settings.epochs)
        if self.settings.stop_when_fitted:
            leaving |= fitted
        if self.retire is not None:
            leaving |= np.isin(self.members, list(self.retire(np.flatnonzero(self.fitted))))
        if leaving.any():
            self._part_with(np.flatnonzero(leaving), np.flatnonzero(~leaving))

    def _part_with(self, leaving: np.ndarray, staying: np.ndarray) -> None:
        self.whole.put(self.members[leaving], self.stack.select(leaving))
        self.epochs[self.members[leaving]] = self.epoch
        moments = [moment.select(staying) for moment in self.optimiser.moments]
        self._resume(self.members[staying], self.stack.select(staying), moments)

    def _resume(self, members: np.ndarray, stack: Stack, moments: list[Stack]) -> None:
        self.members, self.stack = members, stack
        chosen = torch.as_tensor(members, device=self.points.device)
        self.labels = self.all_labels[chosen]
        steps = self.epoch * -(-len(self.points) // self.settings.batch_size)
        self.optimiser: Sgd | Adam = kind_of(self.settings)(self.settings, moments, steps)

    def _state(self) -> dict[str, Tensor]:
        stacks = {"whole": self.whole, "stack": self.stack}
        stacks |= {f"moment{i}": moment for i, moment in enumerate(self.optimiser.moments)}
        if not len(self.members):
            stacks = {"whole": self.whole}
        found = {
            f"{name}.{k}": tensor
            for name, stack in stacks.items()
            for k, tensor in enumerate(stack.tensors)
        }
        found |= {
            "members": torch.as_tensor(self.members),
            "fitted": torch.as_tensor(self.fitted),
            "epochs": torch.as_tensor(self.epochs),
            "epoch": torch.tensor([self.epoch]),
            "seconds": torch.tensor([self.seconds], dtype=torch.float64),
        }
        return found

    def _restore(self, saved: dict[str, Tensor] | None) -> None:
        if saved is None:
            return
        self.whole = self._saved_stack(saved, "whole", self.whole.widths, "cpu")
        self.fitted, self.epochs = saved["fitted"].numpy(), saved["epochs"].numpy()
        self.epoch, self.seconds = int(saved["epoch"]), float(saved["seconds"])
        members = saved["members"].numpy()
        if not len(members):
            self.members = members
            return
        widths = tuple(self.whole.widths[m] for m in members)
        names = ["stack", *(f"moment{i}" for i in range(kind_of(self.settings).n_moments))]
        device = self.points.device.type
        stack, *moments = [self._saved_stack(saved, name, widths, device) for name in names]
        self._resume(members, stack, moments)

    @staticmethod
    def _saved_stack(saved, name: str, widths: tuple[int, ...], device: str) -> Stack:
        # Copied: a file's tensors lie at other alignments, which the rounding depends on.
        copies = (saved[f"{name}.{k}"].to(device, copy=True) for k in range(3))
        return Stack(widths, *copies)
