"""The README leads to what there is."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_linked_file_is_there():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", text)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
