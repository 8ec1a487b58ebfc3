"""The page in a browser without a window: it fits a phone, and shows the values of cells."""

import json
import re
import shutil
import subprocess
from html import unescape

import pytest
from small_run import build, configuration, write_comparison

from memrob.gallery.questions import QUESTIONS

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
def ask(ask_of, root):
    """Ask a question of the page of the small run."""
    write_comparison(root)
    text = build(root)
    return lambda question, width=390: ask_of(text, question, width)


@pytest.fixture
def ask_of(root, tmp_path):
    """Ask a question, the body of a function in JavaScript, of a page at a width in pixels."""
    if not BROWSER:
        pytest.skip("no Chromium on this machine")

    def answer(text, question, width=390):
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


def test_figures_move_into_the_order_of_the_paper_and_back(ask):
    question = """
      const order = () => [...document.querySelectorAll("main figure[id]")].map((each) => each.id);
      const shown = (each) => each.getClientRects().length > 0;
      const before = order();
      document.getElementById("order-question").click();
      const headings = [...document.querySelectorAll("#arranged h3")].filter(shown);
      const within = order();
      const contexts = [...document.querySelectorAll("#arranged .context")].filter(shown).length;
      document.getElementById("order-study").click();
      return [before, headings.map((each) => each.textContent), within, contexts, order(),
        [...document.querySelectorAll(".part, .experiment")].every(shown)];
    """
    before, headings, within, contexts, after, all_shown = ask(question)
    assert headings == list(QUESTIONS)[2:4]
    assert within == ["moons-probability", "moons-width", "cifar10-width"]
    assert contexts == 3
    assert after == before
    assert all_shown


def test_only_counterparts_move_into_the_order_of_the_paper(ask_of, root):
    experiments = [
        configuration("moons", "moons", ["width", "probability"]),
        configuration("mnist", "mnist", ["width"]),
    ]
    experiments[0]["figures"]["probability"]["figure"] = "[M] Fig. 5b"
    experiments[1]["figures"]["width"]["figure"] = "[M] Fig. 10c"
    question = """
      document.getElementById("order-paper").click();
      const sections = [...document.querySelectorAll("#arranged .experiment")];
      const of = (each, what) => each.querySelector(what);
      return [
        sections.map((each) => [of(each, "h3").textContent, of(each, "figure").id]),
        [...document.querySelectorAll("main .part:not([hidden]) .experiment:not([hidden])")].length,
      ];
    """
    found, n_sections = ask_of(build(root, experiments, missing={}), question)
    assert found == [["[M] Fig. 5b", "moons-probability"], ["[M] Fig. 10c", "mnist-width"]]
    assert n_sections == 3  # the width of moons stays where it was


def test_no_link_leads_nowhere_in_another_order(ask):
    question = """
      const shown = (each) => each.getClientRects().length > 0;
      const links = [...document.querySelectorAll("a[href^='#']")];
      const visited = [], lost = [];
      document.documentElement.style.scrollBehavior = "auto";
      for (const link of links) {
        document.getElementById("order-question").click();
        if (!shown(link)) continue;
        visited.push(link.hash);
        // Twice, as the address does not change the second time.
        link.click();
        document.getElementById("order-question").click();
        link.click();
        const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
        const { top } = target.getBoundingClientRect();
        if (!shown(target) || top < -1 || top > innerHeight) lost.push(link.hash);
      }
      return [visited, lost];
    """
    visited, lost = ask(question)
    assert {"#part-interpolation", "#cifar10"} <= set(visited)
    assert lost == []


def test_every_figure_has_a_link_to_pass_on(ask):
    question = """
      const texts = [];
      Object.defineProperty(navigator, "clipboard", { value: { writeText: (t) => texts.push(t) } });
      const buttons = [...document.querySelectorAll("figure[id] .share")];
      buttons.forEach((each) => each.click());
      return [buttons.length, texts.map((each) => each.replace(/.*#/, "#"))];
    """
    assert ask(question) == [3, ["#moons-probability", "#moons-width", "#cifar10-width"]]


def test_a_link_to_a_table_opens_it(ask):
    question = """
      document.querySelectorAll("details").forEach((each) => (each.open = false));
      location.hash = "#table-moons";
      dispatchEvent(new Event("hashchange"));
      return document.querySelector("#table-moons").getClientRects().length > 0;
    """
    assert ask(question)
