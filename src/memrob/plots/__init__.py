"""Figures: one consistent style, a folder a part, one module a kind of figure.

`memrob.plots.PART.KINDS` are the kinds of a part; `memrob.studies.draw` draws one as an
experiment's configuration describes it.
"""
