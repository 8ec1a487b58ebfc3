"""What is read of the inside of Snakemake, of the version that is pinned: here and nowhere else."""

import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from snakemake.common import NOTHING_TO_BE_DONE_MSG
from snakemake.logging import logger
from snakemake.settings.enums import RerunTrigger

if TYPE_CHECKING:  # it cannot be imported by itself
    from snakemake.workflow import Workflow

WAITING, AT_WORK, DONE = "waiting", "at work", "done"

_PLANNING = "Building DAG of jobs..."
_DEFAULT_RATE = (100, 1)
"""Jobs and seconds of the option --max-jobs-per-timespan."""


@dataclass(frozen=True)
class Job:
    """A job that a run makes.

    Attributes
    ----------
    rule : str
        Name of its rule.
    wildcards : dict
        Values of the wildcards of its rule.
    outputs : tuple of str
        Paths of the files it makes.
    state : str
        `WAITING`, `AT_WORK` or `DONE`.
    """

    rule: str
    wildcards: dict[str, str]
    outputs: tuple[str, ...]
    state: str


class _Announcements(logging.Handler):
    """Calls functions when Snakemake logs a message.

    Snakemake has hooks for the start and the end of a run that makes something. Before its jobs are
    planned, when all settings are known, and where nothing is to be made, it only logs.
    """

    def __init__(self, actions: dict[str, Callable[[], None]]):
        super().__init__()
        self._actions = actions

    def emit(self, record: logging.LogRecord) -> None:
        if action := self._actions.get(record.getMessage()):
            action()


def announce(before_planning: Callable[[], None], nothing_to_do: Callable[[], None]) -> None:
    """Have functions called by Snakemake, in its main thread.

    Parameters
    ----------
    before_planning : callable
        Called once all settings are known, in a dry run and for a report or a list too.
    nothing_to_do : callable
        Called where everything that was asked for is up to date.
    """
    actions = {_PLANNING: before_planning, NOTHING_TO_BE_DONE_MSG: nothing_to_do}
    logger.addHandler(_Announcements(actions))


def makes_files(workflow: "Workflow") -> bool:
    """Whether jobs will run: false for a dry run, `--touch`, and all that lists, draws or unlocks.

    It is known once Snakemake is about to plan its jobs.
    """
    return workflow.execution_settings is not None and not (workflow.dryrun or workflow.touch)


def locks(workflow: "Workflow") -> bool:
    """Whether the run keeps other runs out, which `--nolock` forbids."""
    return workflow.execution_settings.lock


def ignore_times_of_scripts(workflow: "Workflow") -> None:
    """Have no job run anew because its script is younger than its output.

    Git gives files new times when it changes branches. What a script says is among the parameters
    of its rule, and so is every module that it uses.
    """
    settings = workflow.dag_settings
    settings.rerun_triggers = frozenset(settings.rerun_triggers) - {RerunTrigger.CODE}


def drop_rate_limit(workflow: "Workflow") -> None:
    """Have jobs start as soon as there is room, unless the user has set a limit of jobs a timespan.

    With the limit that is there by default, every job that ends leaves a timer that makes the
    scheduler look at all jobs once a second, until the run ends: after some hundreds of jobs it
    takes half a core.
    """
    settings = workflow.scheduling_settings
    limit = settings and settings.max_jobs_per_timespan
    if limit and (limit.max_jobs, limit.timespan) == _DEFAULT_RATE:
        settings.max_jobs_per_timespan = None


def unknown_targets(
    workflow: "Workflow", known: Iterable[str], folders: tuple[str, ...]
) -> list[str]:
    """Targets that no rule makes.

    Parameters
    ----------
    workflow
        Snakemake's.
    known : iterable of str
        Paths of all files in `folders` that can be made.
    folders : tuple of str
        Folders of which `known` names every file.

    Returns
    -------
    list of str
    """
    known = set(known)

    def is_made(target):
        path = Path(os.path.relpath(target))
        if not path.parts:
            return False  # the folder itself
        if path.parts[0] in folders:
            return str(path) in known
        return path.exists() or any(rule.is_producer(str(path)) for rule in workflow.rules)

    targets = workflow.dag_settings.targets
    return [t for t in targets if not (workflow.is_rule(t) or is_made(t))]


def planned_jobs(workflow: "Workflow") -> list[Job]:
    """Jobs of a run, in the state that each is in."""
    at_work = set(workflow.scheduler.running) if workflow.scheduler else set()

    def state(job):
        return DONE if workflow.dag.finished(job) else AT_WORK if job in at_work else WAITING

    return [
        Job(job.rule.name, dict(job.wildcards_dict), tuple(map(str, job.output)), state(job))
        for job in workflow.dag.needrun_jobs(exclude_finished=False)
    ]


def jobs_at_once(workflow: "Workflow") -> int:
    """How many jobs of one core can run side by side."""
    return max(1, int((workflow.cores if workflow.local_exec else workflow.nodes) or 1))
