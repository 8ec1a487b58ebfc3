"""The page to play with by keyboard alone, as wide as a phone and a desk, light and dark."""

from itertools import pairwise
from pathlib import Path

import pytest
from chromium import BROWSER, Chromium

PAGE = (Path(__file__).parents[2] / "docs" / "play" / "index.html").as_uri()
PLACES = [(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]

pytestmark = pytest.mark.skipif(not BROWSER, reason="no Chromium")

# Everything that can be operated; of a group of radio buttons one takes the focus.
OPERATED = """[...document.querySelectorAll("a[href], input, select, button, canvas")]
  .filter((each) => each.getClientRects().length && !each.disabled)
  .filter((each) => each.type !== "radio" || each.checked)"""
FOCUSED = f"""(() => {{
  const focused = document.activeElement, style = getComputedStyle(focused);
  const box = focused.getBoundingClientRect();
  return {{
    place: {OPERATED}.indexOf(focused),
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    seen: box.bottom > 0 && box.top < innerHeight,
    top: box.top + scrollY,
    left: box.left,
  }};
}})()"""
CONTRASTS = """(() => {
  const light = (colour) => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const back = light(getComputedStyle(document.body).backgroundColor);
  const texts = [...document.querySelectorAll("p, a, h1, h2, label, legend, output, button, .key")];
  return texts.filter((each) => each.getClientRects().length && !each.disabled).map((each) => {
    const ink = light(getComputedStyle(each).color);
    return (Math.max(ink, back) + 0.05) / (Math.min(ink, back) + 0.05);
  });
})()"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


def walk(browser):
    """Where the focus goes from the top of the page, key by key, until it leaves the page."""
    steps = []
    for _ in range(60):
        browser.press("Tab")
        found = browser.ask(FOCUSED)
        if found["place"] < 0:
            return steps
        steps.append(found)
    return steps


def reach(browser, selector):
    """Press Tab until something has the focus."""
    for _ in range(60):
        browser.press("Tab")
        if browser.ask(f"document.activeElement.matches({selector!r})"):
            return
    pytest.fail(f"{selector} cannot be reached")


def said(browser, part):
    return browser.ask(f"document.getElementById('{part}-said').textContent")


@pytest.mark.parametrize(("width", "scheme"), PLACES)
def test_the_focus_visits_everything_in_order_and_is_seen(browser, width, scheme):
    browser.open(PAGE, width, scheme)
    n_operated = browser.ask(f"{OPERATED}.length")
    steps = walk(browser)
    assert [step["place"] for step in steps] == list(range(n_operated))
    assert n_operated > 20
    assert all(step["outline"] >= 2 and step["seen"] for step in steps)
    if width == 360:  # one column: downwards, or to the right on one line
        assert all(b["top"] > a["top"] - 12 for a, b in pairwise(steps))


@pytest.mark.parametrize(("width", "scheme"), PLACES)
def test_nothing_is_cut_off_and_every_text_has_contrast(browser, width, scheme):
    browser.open(PAGE, width, scheme)
    assert browser.ask("document.documentElement.scrollWidth") == width
    assert browser.ask("document.documentElement.clientWidth") == width
    assert min(browser.ask(CONTRASTS)) >= 4.5
    dark = browser.ask("matchMedia('(prefers-color-scheme: dark)').matches")
    assert dark == (scheme == "dark")


def test_a_network_is_built_by_keys_alone(browser):
    browser.open(PAGE)
    reach(browser, "[name=n]")
    browser.press("End")
    reach(browser, "[name=end]")
    browser.press("Enter")
    assert said(browser, "construction").startswith("400 hyperplanes, ")
    assert "interpolates." in said(browser, "construction")


def test_points_are_placed_by_keys_alone(browser):
    browser.open(PAGE + "?set=own")
    reach(browser, "#construction")
    browser.press("ArrowRight", "ArrowRight", "Enter", "ArrowUp", "Enter")
    assert said(browser, "construction") == "Place points of both classes."
    reach(browser, "[name=label]")
    browser.press("ArrowDown")
    reach(browser, "#construction")
    browser.press("ArrowLeft", "Enter")
    reach(browser, "[name=end]")
    browser.press("Enter")
    assert "of 2 points of X⁻ covered" in said(browser, "construction")


def test_a_climb_is_made_by_keys_alone(browser):
    browser.open(PAGE)
    before = said(browser, "relu")
    reach(browser, "#relu")
    browser.press("ArrowRight", "ArrowUp", "Enter")
    reach(browser, "[name=climb]")
    browser.press(" ")
    assert said(browser, "relu") != before
