"""The page to play with: the same networks as the package's, and what it says in a browser."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from memrob import lipschitz_bracket
from memrob.interpolation.arguments import checked_data
from memrob.interpolation.construction import backend_of, network_on_layer
from memrob.interpolation.first_layer import FirstLayer
from memrob.interpolation.selection import Selection
from memrob.lipschitz.network import ReluNetwork

PLAY = Path(__file__).parents[2] / "docs" / "play"
NODE, BROWSER = shutil.which("node"), shutil.which("chromium")
SEEDS = range(40)

needs_node = pytest.mark.skipif(NODE is None, reason="no Node.js")
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium")

CONSTRUCTIONS = """
const { generator } = require("./random.js");
const { SETS } = require("./points.js");
const { drawHyperplanes, construct } = require("./construction.js");
const answers = CASES.map(({ set, seed, n, bias, order }) => {
  const random = generator(seed);
  const points = SETS[set](60, random);
  const hyperplanes = drawHyperplanes(n, bias, random);
  const visits = random.permutation(points.filter((p) => p.label === 1).length);
  // As the package holds them.
  for (const p of points) [p.x, p.y] = [Math.fround(p.x), Math.fround(p.y)];
  for (const h of hyperplanes) [h.a, h.b, h.c] = [h.a, h.b, h.c].map(Math.fround);
  return { points, hyperplanes, visits, found: construct(points, hyperplanes, order, visits) };
});
console.log(JSON.stringify(answers));
"""

CONSTANTS = """
const { generator } = require("./random.js");
const { drawNetwork, constant, climb, dualNorm, gradient, pattern } = require("./relu.js");
const answers = CASES.map(({ seed, width, biases }) => {
  const network = drawNetwork(width, biases, generator(seed));
  return { network, found: [1, 2, Infinity].map((p) => {
    let place = [0.3, -0.2];
    for (let next = climb(network, place, p); next !== null; next = climb(network, place, p)) {
      place = next.place;
    }
    const reached = dualNorm(gradient(network, pattern(network, ...place)), p);
    return { exact: constant(network, p), reached };
  }) };
});
console.log(JSON.stringify(answers));
"""


def answers(script: str, cases: list[dict]) -> list[dict]:
    text = script.replace("CASES", json.dumps(cases))
    done = subprocess.run([NODE, "-e", text], cwd=PLAY, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


class Visits:
    """Stands for a generator: candidates are visited in a given order."""

    def __init__(self, order):
        self.order = np.array(order)

    def spawn(self, count):
        return [self] * count

    def permutation(self, size):
        assert size == len(self.order)
        return self.order


@needs_node
@pytest.mark.parametrize("order", ["random", "greedy"])
@pytest.mark.parametrize(("name", "n", "bias"), [("moons", 60, 1), ("circles", 150, 0.5)])
def test_the_same_neurons_upon_the_same_hyperplanes(name, n, bias, order):
    cases = [{"set": name, "seed": s, "n": n, "bias": bias, "order": order} for s in SEEDS]
    complete = []
    for answer in answers(CONSTRUCTIONS, cases):
        X = np.array([[p["x"], p["y"]] for p in answer["points"]], np.float32)
        y = np.array([p["label"] for p in answer["points"]])
        planes = np.array([[h["a"], h["b"], h["c"]] for h in answer["hyperplanes"]], np.float32)
        network = network_on_layer(
            FirstLayer(planes[:, :2].copy(), planes[:, 2].copy()),
            *checked_data(X, y),
            Visits(answer["visits"]),
            Selection("permutation" if order == "random" else "greedy"),
            "threshold",
            backend_of("cpu"),
        )
        (detector,) = network.detectors
        members = np.flatnonzero(y == 1)
        found = answer["found"]["neurons"]
        assert members[[neuron["candidate"] for neuron in found]].tolist() == (
            detector.candidates.tolist()
        )
        assert [neuron["threshold"] for neuron in found] == detector.thresholds.tolist()
        assert answer["found"]["interpolates"] == network.interpolates
        complete.append(network.interpolates)
    assert sum(complete) > 0


@needs_node
@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("width", [2, 7, 24])
def test_the_constant_is_the_exact_one_and_no_climb_exceeds_it(width, biases):
    cases = [{"seed": seed, "width": width, "biases": biases} for seed in range(10)]
    for answer in answers(CONSTANTS, cases):
        a, b, c, v = (np.array([neuron[k] for neuron in answer["network"]]) for k in "abcv")
        network = ReluNetwork((np.column_stack([a, b]), v[None]), (c, np.zeros(1)))
        for p, found in zip((1, 2, np.inf), answer["found"], strict=True):
            exact = lipschitz_bracket(network, p=p, method="exact").lower
            assert found["exact"] == pytest.approx(exact, rel=1e-9)
            assert found["reached"] <= exact * (1 + 1e-9)


def said(page: str, name: str) -> str:
    """What the page says below a picture."""
    text = re.search(rf'id="{name}-said"[^>]*>(.*?)</p>', page, re.DOTALL).group(1)
    return html.unescape(text)


@needs_node
@needs_browser
@pytest.mark.parametrize("n", [120, 300])
def test_what_the_page_says_in_a_browser(n, tmp_path):
    case = {"set": "moons", "seed": 3, "n": n, "bias": 1, "order": "greedy"}
    (answer,) = answers(CONSTRUCTIONS, [case])
    query = "&".join(f"{key}={value}" for key, value in case.items())
    command = [
        *(BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
        *("--no-first-run", "--disable-background-networking", f"--user-data-dir={tmp_path}"),
        *("--dump-dom", f"{(PLAY / 'index.html').as_uri()}?{query}&step=1000&width=9&steps=100"),
    ]
    page = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    found = answer["found"]
    covered = len({member for neuron in found["neurons"] for member in neuron["fires"]})
    told = f"{case['n']} hyperplanes, {len(found['neurons'])} neurons: {covered} of 30 points"
    assert said(page, "construction").startswith(told)
    assert ("interpolates." in said(page, "construction")) == found["interpolates"]
    assert re.match(r"Gradient here \d+\.\d{3}; lip of p = 2 is", said(page, "relu"))
