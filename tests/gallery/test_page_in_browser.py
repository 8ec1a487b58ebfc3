"""The page in a browser without a window: it fits a phone, and shows the values of cells."""

import json
import re
import shutil
import subprocess
from html import unescape

import pytest
from small_run import build, write_comparison

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)

# The page in a frame, as no window is as narrow as a phone, answers what was asked of it.
FRAME = """<body><iframe src="asked.html" style="width: {width}px; height: 800px"></iframe><script>
addEventListener("message", (event) => document.body.setAttribute("data-answer", event.data));
</script>"""
ASKED = """<script>addEventListener("load", () => {{
  document.querySelectorAll("details").forEach((each) => (each.open = true));
  parent.postMessage(JSON.stringify((() => {{ {question} }})()), "*");
}});</script></body>"""


@pytest.fixture
def ask(root, tmp_path):
    """Ask a question, the body of a function in JavaScript, of the page at a width in pixels."""
    if not BROWSER:
        pytest.skip("no Chromium on this machine")
    write_comparison(root)
    text = build(root)

    def answer(question, width=390):
        page = text.replace("</body>", ASKED.format(question=question))
        (root / "figures" / "asked.html").write_text(page, encoding="utf-8")
        frame = root / "figures" / "frame.html"
        frame.write_text(FRAME.format(width=width), encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        options.append("--virtual-time-budget=5000")
        command = [BROWSER, *options, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
        run = subprocess.run([*command, frame.as_uri()], capture_output=True, text=True, check=True)
        found = re.search(r'data-answer="(.*?)"', run.stdout)
        assert found, run.stdout[:500]
        return json.loads(unescape(found[1]))

    return answer


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_page(ask, width):
    question = """
      const within = (each) => each.closest(".scroll, .bar ul, .sieve, .unseen");
      const wide = [...document.body.querySelectorAll("*")].filter((each) =>
        !within(each) && each.getBoundingClientRect().right > innerWidth + 0.5);
      return [innerWidth, document.documentElement.scrollWidth, wide.map((each) => each.outerHTML)];
    """
    assert ask(question, width) == [width, width, []]


def test_pointing_at_a_cell_shows_its_values(ask):
    question = """
      const map = document.querySelector("#moons-width .map"), box = map.getBoundingClientRect();
      // The second of two columns, the lowest of three rows: λ = 0.95 and n = 100.
      const place = { clientX: box.left + 0.75 * box.width, clientY: box.top + 0.9 * box.height };
      map.dispatchEvent(new PointerEvent("pointermove", place));
      return document.querySelector("#moons-width .readout").innerText;
    """
    shown = " ".join(ask(question).split())
    assert shown == "λ = 0.95, n = 100 this run 12.5 (4 trials) published 13 (50 trials) z −0.95"


def test_arrow_keys_move_through_the_cells_and_stop_at_the_edge(ask):
    question = """
      const explorer = document.querySelector("#moons-width .explorer");
      explorer.focus();
      const press = (key) => explorer.dispatchEvent(new KeyboardEvent("keydown", { key }));
      ["Home", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowRight", "ArrowLeft"].forEach(press);
      return explorer.querySelector(".where").innerText;
    """
    assert ask(question) == "λ = 0, n = 300"


def test_the_filter_hides_what_has_no_such_verdict_and_links_bring_it_back(ask):
    question = """
      const shown = () => [...document.querySelectorAll("figure[id], nav .experiments li")]
        .filter((each) => each.getClientRects().length).length;
      const before = shown();
      document.getElementById("show-holds").click();
      const sifted = shown();
      location.hash = "#cifar10-width";
      dispatchEvent(new Event("hashchange"));
      return [before, sifted, shown()];
    """
    assert ask(question) == [5, 2, 5]
