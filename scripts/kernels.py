"""Compile the kernels once, before jobs that use them start side by side."""

from memrob.workflow.jobs import run_job, run_shell
from memrob.workflow.kernels import compile_kernels

if "snakemake" in globals():
    run_job(snakemake, compile_kernels, record=snakemake.output[0])
else:
    run_shell(compile_kernels)
