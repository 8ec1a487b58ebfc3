"""Captions of figures in Snakemake's report, which reads them as reStructuredText."""

import re


def escaped(text: str) -> str:
    """Escape a plain text so that reStructuredText shows it as it is, in one paragraph.

    By hand: docutils has no function for it, and Sphinx, which has one, is there for documentation.

    Parameters
    ----------
    text : str
        Plain text; line breaks and repeated spaces count as one space.
    """
    return re.sub(r"([^\w\s]|_)", r"\\\1", " ".join(text.split()))
