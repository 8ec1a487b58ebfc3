"""Compile the kernels once, before jobs that use them start side by side."""

from pathlib import Path

import llvmlite.binding as llvm

# The modules that declare kernels.
import memrob.interpolation.construction
import memrob.interpolation.published_products
import memrob.numerics.cover  # noqa: F401
from memrob.numerics import compiled, speed
from memrob.numerics.files import whole_file
from memrob.workflow.jobs import run_job, run_shell


def kernels(record: Path) -> None:
    """Compile every kernel, or find it compiled, and write for which processor.

    How fast the machine is, is measured then, and kept beside the kernels for later predictions.

    Parameters
    ----------
    record : path
        Text file to write.
    """
    compiled.compile_kernels()
    speed.keep_speed(speed.measure_speed())
    with whole_file(record) as temporary:
        temporary.write_text(f"compiled for {llvm.get_host_cpu_name()}\n")


if "snakemake" in globals():
    run_job(snakemake, kernels, record=snakemake.output[0])
else:
    run_shell(kernels)
