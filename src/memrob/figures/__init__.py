"""Figures: one consistent style, a folder a part, one module a kind of figure.

`memrob.figures.PART.KINDS` are the kinds of a part; `memrob.figures.draw` draws one as an
experiment's configuration describes it.
"""
