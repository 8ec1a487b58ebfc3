"""What a job of the workflow does: classifiers of a chunk, from a data set to their table."""

from functools import partial

from memrob.studies.generalisation.trials import run_trials
from memrob.studies.of_dataset import run_on_dataset

run_chunk = partial(run_on_dataset, run_trials)
