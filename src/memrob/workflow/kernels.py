"""Compilation of all kernels ahead of the jobs that use them."""

from pathlib import Path

from memrob.numerics.files import whole_file


def compile_kernels(record: Path) -> None:
    """Compile every kernel, or find it compiled, and write for which processor.

    Parameters
    ----------
    record : path
        Text file to write.
    """
    import llvmlite.binding as llvm

    # Kernels are compiled, or loaded from the cache, when their modules are imported.
    import memrob.interpolation.construction  # noqa: F401

    with whole_file(record) as temporary:
        temporary.write_text(f"compiled for {llvm.get_host_cpu_name()}\n")
