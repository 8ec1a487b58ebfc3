"""Statements of [M] on their own: theorems, propositions and remarks, each by trials of its own."""
