"""Numerics that the parts share: bit-packed features, compiled kernels, files, statistics."""
