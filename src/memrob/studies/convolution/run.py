"""What a job of the workflow does: the trials of a chunk, from a data set to their table."""

from functools import partial

from memrob.studies.convolution.trials import run_trials
from memrob.studies.of_dataset import run_on_dataset

run_chunk = partial(run_on_dataset, run_trials)
