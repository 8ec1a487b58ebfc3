"""Trials of networks trained by gradient descent, a module a study."""
