"""Figures of the data and networks of a user, drawn by the command."""
