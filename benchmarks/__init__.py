"""How fast the algorithm is on this machine: ``python -m benchmarks.run --help``."""
