import re
from html import unescape
from pathlib import Path

import pytest
import yaml
from docutils.core import publish_parts
from hypothesis import given
from hypothesis import strategies as st

from memrob.workflow.captions import escaped

ROOT = Path(__file__).parents[2]
CONFIGURATIONS = sorted((ROOT / "config" / "experiments").glob("*/*.yaml"))


def shown(text, **settings):
    """What a reader of Snakemake's report sees of a caption, without line breaks."""
    settings = {"report_level": 1, "halt_level": 1, **settings}
    body = publish_parts(text, writer="html", settings_overrides=settings)["body"]
    return unescape(re.sub("<[^>]+>", "", body)).strip()


@pytest.mark.parametrize(
    "text",
    [
        "the orbit |S| and |T|",
        "an *asterisk*, **two**, 2*3*4",
        "x_1, max_bias_ and _`target`, __anonymous__",
        "`single` and ``double`` backticks, :math:`x^2`",
        "a < b & c > d, &amp; <b>bold</b>",
        "a \\ in the middle, \\|S| and one at the end \\",
        "https://example.org/a_b, a@b.c, RFC 2822, PEP 8",
        "1. not a list",
        "- not a list",
        ".. not a comment",
        ".. |S| replace:: nothing",
        "a paragraph::",
        "{{ not.a.template }} {% nor this %} {wildcard}",
        "[1]_ and [CIT2002]_",
        "Σ λ n̂ X⁻ ‖x‖₂ – “quoted”",
        "+--+ | | ===",
    ],
)
def test_a_caption_is_shown_as_it_is(text):
    assert shown(escaped(text)) == text
    assert shown(f"{escaped(text)} *What:* {escaped(text)}") == f"{text} What: {text}"


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126) | st.just("\n"), max_size=30))
def test_any_text_is_shown_as_it_is(text):
    assert shown(escaped(text)) == " ".join(text.split())


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.stem)
def test_captions_of_this_project(path):
    for figure in yaml.safe_load(path.read_text())["figures"].values():
        caption = " ".join(figure["caption"].split())
        assert shown(escaped(caption)) == caption


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.stem)
def test_a_caption_says_itself_what_is_drawn(path):
    # The figure that it would refer to may not be on the page: its data were not to be had.
    for figure in yaml.safe_load(path.read_text("utf-8")).get("figures", {}).values():
        assert not re.match(r"(?i)(as|like) (for|in|above)\b", figure["caption"])
