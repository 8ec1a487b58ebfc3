"""Configuration of Sphinx: `make docs`."""

import shutil
import sys
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent))

from sphinx.addnodes import pending_xref  # noqa: E402

from docs.generator.docstrings import escape  # noqa: E402
from docs.generator.links import led_to_pages  # noqa: E402
from docs.generator.write import write_pages  # noqa: E402
from memrob import __version__  # noqa: E402

project = "memrob"
author = "The memrob authors"
copyright = author
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["_build", "examples", "generator"]
sphinx_gallery_conf = {
    "examples_dirs": "examples",
    "gallery_dirs": "generated/examples",
    "filename_pattern": r"\.py$",
    "abort_on_example_error": True,
    "download_all_examples": False,
    "show_memory": False,
    "show_signature": False,
    "write_computation_times": False,
}
# Names in single backticks become links where the package has them.
default_role = "py:obj"
myst_heading_anchors = 3

autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
napoleon_google_docstring = False
# Of the built-in kinds of this section none takes several names in a line.
napoleon_custom_sections = [("Attributes", "params_style")]
napoleon_use_rtype = False
toc_object_entries = False
# Options such as --list begin with two hyphens.
smartquotes = False

html_theme = "alabaster"
html_theme_options = {
    "description": "Memorization and robustness of neural networks",
    "page_width": "1100px",
    "sidebar_width": "240px",
    "fixed_sidebar": True,
    "font_family": "system-ui, sans-serif",
    "head_font_family": "system-ui, sans-serif",
}
html_static_path = ["style"]
html_css_files = ["docs.css"]
html_copy_source = False
html_show_sphinx = False


def setup(app):
    """Make the generated pages before anything is read, and adapt what is read."""
    app.connect("builder-inited", lambda app: write_pages(DOCS / "generated"))
    app.connect("source-read", _lead)
    # Before napoleon, which writes markup of its own.
    app.connect("autodoc-process-docstring", _escape, priority=100)
    app.connect("autodoc-skip-member", _skip)
    app.connect("doctree-read", _link_exactly)
    app.connect("build-finished", _copy_page_to_play_with)


def _lead(app, document, source):
    source[0] = led_to_pages(source[0], document)


def _escape(app, what, name, thing, options, lines):
    escape(lines)


def _skip(app, what, name, thing, skip, options):
    """Leave out what scikit-learn gives every estimator, and what Python says of named tuples."""
    of_estimators = name.startswith("set_") and name.endswith("_request")
    of_tuples = (getattr(thing, "__doc__", None) or "").startswith("Alias for field number")
    return True if of_estimators or of_tuples else None


def _link_exactly(app, doctree):
    """Keep words in the descriptions of types from becoming links to anything of that name."""
    for reference in doctree.findall(pending_xref):
        if reference.hasattr("refspecific"):
            del reference["refspecific"]


def _copy_page_to_play_with(app, error):
    if error is None:
        shutil.copytree(DOCS / "play", Path(app.outdir) / "play", dirs_exist_ok=True)
