// Points of two classes in the plane: label 1 is X⁻, whose points make neurons, and 0 is X⁺.

"use strict";

const NOISE = 0.05;

/** Two half circles that interlock, as scikit-learn's `make_moons`. */
function moons(count, random) {
  return sample(count, random, (label, angle) =>
    label ? [1 - Math.cos(angle), 0.5 - Math.sin(angle)] : [Math.cos(angle), Math.sin(angle)],
  );
}

/** A circle within another one. */
function circles(count, random) {
  return sample(count, random, (label, angle) => {
    const radius = label ? 0.4 : 1;
    return [radius * Math.cos(2 * angle), radius * Math.sin(2 * angle)];
  });
}

/** Two parallel lines of ten points at distance 0.1, where each point needs a neuron. */
function lines() {
  const points = [];
  for (let i = 0; i < 10; i += 1) {
    const x = -1 + (2 * i) / 9;
    points.push({ x, y: -0.05, label: 1 }, { x, y: 0.05, label: 0 });
  }
  return points;
}

function sample(count, random, curve) {
  const points = [];
  for (let i = 0; i < count; i += 1) {
    const [x, y] = curve(i % 2, Math.PI * random.uniform());
    points.push({
      x: x + NOISE * random.normal(),
      y: y + NOISE * random.normal(),
      label: i % 2,
    });
  }
  return inUnitBall(points);
}

/** Points divided by the largest norm among them. */
function inUnitBall(points) {
  const largest = Math.max(...points.map((point) => Math.hypot(point.x, point.y)));
  return points.map(({ x, y, label }) => ({ x: x / largest, y: y / largest, label }));
}

const SETS = { moons, circles, lines };

if (typeof module !== "undefined") module.exports = { SETS, inUnitBall };
