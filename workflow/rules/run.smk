# What happens around the jobs of a run: before they are planned, when they start, at the end.

from memrob.numerics.cost import slowness
from memrob.workflow.place import tell_unknown_commit

SLOWNESS = slowness()  # once, so that the progress of a run never goes back


def before_planning():
    engine.ignore_times_of_scripts(workflow)
    engine.drop_rate_limit(workflow)
    refuse_unknown_targets()
    if engine.makes_files(workflow):
        SUPPLY.look()
        if engine.locks(workflow):
            begin()
        tell_unknown_commit(Path())


def begin():
    try:
        runs.begin_run()
    except UserError as error:
        runs.refuse(error)


def refuse_unknown_targets():
    known = known_files()
    for target in engine.unknown_targets(workflow, known, ("results", "figures")):
        runs.refuse_target(target, [*known, *PARTS, *EXPERIMENTS])


def known_files():
    return [*everything_of(EXPERIMENTS), *REPORT]


def cost_of(job):
    """Rule of a job, and the predicted cost of its trials if it runs any."""
    if "chunk" not in job.wildcards:
        return job.rule, None
    return job.rule, CHUNKS[job.wildcards["experiment"]][job.wildcards["chunk"]].cost


def predict():
    """Print the predicted CPU time of the jobs that are to run."""
    if jobs := engine.planned_jobs(workflow):
        print(prediction.predicted_line([cost_of(job) for job in jobs], SLOWNESS), file=sys.stderr)


def progress_of_run():
    """How many jobs are done, and how many seconds they were predicted to take."""
    jobs = engine.planned_jobs(workflow)
    done = [cost_of(job) for job in jobs if job.state == engine.DONE]
    at_work = [cost_of(job) for job in jobs if job.state == engine.AT_WORK]
    return progress.Progress(
        n_done=len(done),
        n_jobs=len(jobs),
        seconds_done=prediction.predicted_seconds(done, SLOWNESS),
        seconds_at_work=prediction.predicted_seconds(at_work, SLOWNESS),
        seconds=prediction.predicted_seconds([cost_of(job) for job in jobs], SLOWNESS),
    )


def nothing_to_do():
    if engine.makes_files(workflow):
        closing.end_idle_run(SUPPLY.missed(), config["strict"])


def predict_dry_run():
    if workflow.dryrun:
        predict()


# Jobs run in processes of their own, which read this file again.
if workflow.is_main_process:
    engine.announce(before_planning, nothing_to_do)
    # Snakemake's hooks are for real runs only.
    atexit.register(predict_dry_run)


onstart:
    if engine.makes_files(workflow):
        runs.remove_outdated(
            [path for job in engine.planned_jobs(workflow) for path in job.outputs]
        )
        predict()
        progress.show_progress(progress_of_run, engine.jobs_at_once(workflow))


onsuccess:
    if engine.makes_files(workflow):
        closing.end_run(Path(), SCALE, SUPPLY.missed(), config["strict"], known_files())


onerror:
    closing.end_failed_run(SUPPLY.missed())
